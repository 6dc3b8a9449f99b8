package example;

import dev.sojourn.Sessions;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import java.util.EnumSet;
import java.util.Set;
import org.apache.catalina.startup.Tomcat;

/** Starts Tomcat with the filter in front of the servlet. */
public class Main {
    public static void main(String[] args) throws Exception {
        Sessions sessions = Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")));
        SojournFilter sojourn = SojournFilter.builder(sessions)
                .attributes(AttributeFormat.json(Cart.class)) // the application's own types are listed
                .build();

        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir("target/tomcat");
        tomcat.setPort(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")));
        tomcat.getConnector();
        tomcat.addContext("", null)
                .addServletContainerInitializer(
                        (types, context) -> {
                            FilterRegistration.Dynamic filter = context.addFilter("sojourn", sojourn);
                            filter.setAsyncSupported(true);
                            filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
                            context.addServlet("shop", new Shop()).addMapping("/");
                        },
                        Set.of());
        tomcat.start();
        System.out.println(
                "Listening on http://localhost:" + tomcat.getConnector().getLocalPort());
        tomcat.getServer().await();
    }
}
