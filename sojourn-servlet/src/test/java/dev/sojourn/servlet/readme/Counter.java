package dev.sojourn.servlet.readme;

// README: counter
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

public class Counter extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Session session = Sojourn.session(request);
        Integer views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
        response.getWriter().println("You have been here " + views + " times");
    }

    public static Tomcat start(Sessions sessions, int port) throws LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir("target/tomcat");
        tomcat.setPort(port);
        tomcat.getConnector();
        tomcat.addContext("", null)
                .addServletContainerInitializer(
                        (types, context) -> {
                            FilterRegistration.Dynamic filter =
                                    context.addFilter("sojourn", new SojournFilter(sessions));
                            filter.setAsyncSupported(true);
                            filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
                            context.addServlet("counter", new Counter()).addMapping("/");
                        },
                        Set.of());
        tomcat.start();
        return tomcat;
    }

    public static void main(String[] args) throws Exception {
        start(Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET"))), 8080)
                .getServer()
                .await();
    }
}
// end
