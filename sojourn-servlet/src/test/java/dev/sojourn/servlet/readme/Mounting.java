package dev.sojourn.servlet.readme;

// README: mounting
import dev.sojourn.Sessions;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.util.EnumSet;

@WebListener
public class Mounting implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
        Sessions sessions = Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")));
        FilterRegistration.Dynamic filter = event.getServletContext().addFilter("sojourn", new SojournFilter(sessions));
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    }
}
// end
