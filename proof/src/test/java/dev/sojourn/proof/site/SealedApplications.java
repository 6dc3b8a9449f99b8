package dev.sojourn.proof.site;

import dev.sojourn.SealedSession;
import dev.sojourn.SealedSessions;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** Several web applications on one Tomcat with the same sealed sessions: {@code /login} and {@code /subject} in each. */
public final class SealedApplications implements AutoCloseable {
    private final Tomcat tomcat = new Tomcat();
    private final HttpClient client = HttpClient.newHttpClient();

    /**
     * A response.
     *
     * @param cookie the name and value of the cookie that it sets; empty if it sets none
     * @param body the body
     */
    public record Page(String cookie, String body) {}

    /**
     * Starts the applications.
     *
     * @param folder the folder for Tomcat's files
     * @param paths the paths of the applications
     */
    public SealedApplications(Path folder, SealedSessions sessions, String... paths)
            throws IOException, LifecycleException {
        tomcat.setBaseDir(Files.createTempDirectory(folder, "tomcat").toString());
        tomcat.setPort(0);
        tomcat.setSilent(true);
        tomcat.getConnector();
        for (String path : paths) {
            tomcat.addContext(path, null)
                    .addServletContainerInitializer(
                            (types, context) -> {
                                context.addFilter("sojourn", new SojournFilter(sessions))
                                        .addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
                                context.addServlet("pages", new Pages()).addMapping("/*");
                            },
                            Set.of());
        }
        tomcat.start();
    }

    /** Sends a GET request with this cookie, name and value; empty for none. */
    public Page get(String path, String cookie) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + path));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        String set = response.headers().firstValue("Set-Cookie").orElse(";");
        return new Page(set.substring(0, set.indexOf(';')), response.body());
    }

    private static final class Pages extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            SealedSession session = Sojourn.sealed(request);
            if ("/login".equals(request.getPathInfo())) {
                session.login("alice");
            }
            response.getWriter().print(session.subject());
        }
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }
}
