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
 * Mounts Sojourn in every application of a container, with sessions in a SQLite file that all nodes share. The
 * container finds this class on its common class path and calls it before it starts an application, so the
 * application's files are unchanged.
 */
public final class SojournInitializer implements ServletContainerInitializer {
    /** For the container. */
    public SojournInitializer() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> types, ServletContext context) {
        String file = System.getProperty("sojourn.sqlite");
        if (file == null) {
            return; // run the application with the container's own sessions
        }
        JdbcStore store = JdbcStore.builder(SqliteDataSource.open(Path.of(file)))
                .createTableIfMissing()
                .build();
        Sessions sessions = Sessions.create(
                c -> c.secret("Zr8mQ2vK5tYw1xLp7bNc4sHd9fJg3uEa").store(store));
        SojournFilter sojourn = SojournFilter.builder(sessions)
                .attributes(AttributeFormat.filteredJavaSerialization(allowedTypes(context)))
                .subjectOf(session -> session.getAttribute("user") instanceof String user ? user : null)
                .build();
        FilterRegistration.Dynamic filter = context.addFilter("sojourn", sojourn);
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    }

    /** Returns the types that each application stores in its sessions, in addition to Java's own. */
    private static String[] allowedTypes(ServletContext context) {
        return switch (context.getContextPath()) {
            case "/examples" -> new String[] {"sessions.*", "num.*", "colors.*", "dates.*", "examples.*"};
            case "/hawtio" -> new String[] {"javax.security.auth.*", "com.sun.security.auth.*"};
            default -> new String[] {"none.at.all.*"};
        };
    }
}
