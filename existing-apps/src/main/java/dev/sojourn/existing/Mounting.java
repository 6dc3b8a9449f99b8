package dev.sojourn.existing;

import dev.sojourn.Sessions;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.jdbc.SqliteDataSource;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Found by the container in its {@code lib} folder, and called for each application before it starts: gives it Sojourn's
 * sessions, in a SQLite file that all nodes share. The application's own files stay as they are.
 */
public final class Mounting implements ServletContainerInitializer {
    /** For the container, which makes one. */
    public Mounting() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> types, ServletContext context) {
        String file = System.getProperty("sojourn.sqlite");
        if (file == null) {
            return; // to see how the application behaves without
        }
        JdbcStore store = JdbcStore.builder(SqliteDataSource.open(Path.of(file)))
                .createTableIfMissing()
                .build();
        Sessions sessions = Sessions.create(
                c -> c.secret("Zr8mQ2vK5tYw1xLp7bNc4sHd9fJg3uEa").store(store));
        SojournFilter sojourn = SojournFilter.builder(sessions)
                .attributes(AttributeFormat.filteredJavaSerialization(allowed(context)))
                .subjectOf(session -> session.getAttribute("user") instanceof String user ? user : null)
                .build();
        FilterRegistration.Dynamic filter = context.addFilter("sojourn", sojourn);
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    }

    /** What each application keeps in its sessions, besides what belongs to Java. */
    private static String[] allowed(ServletContext context) {
        return switch (context.getContextPath()) {
            case "/examples" -> new String[] {"sessions.*", "num.*", "colors.*", "dates.*", "examples.*"};
            case "/hawtio" -> new String[] {"javax.security.auth.*", "com.sun.security.auth.*"};
            default -> new String[] {"none.at.all.*"};
        };
    }
}
