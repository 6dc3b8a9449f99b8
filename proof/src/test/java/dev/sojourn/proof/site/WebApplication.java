package dev.sojourn.proof.site;

import dev.sojourn.Sessions;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.jspecify.annotations.Nullable;

/** A web application on Tomcat with sessions and their drop-in {@code HttpSession}, and one client with a cookie. */
public final class WebApplication implements AutoCloseable {
    private final Tomcat tomcat = new Tomcat();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String cookieName;
    private String cookie = "";
    private volatile Handler handler = request -> "";
    private volatile @Nullable Throwable problem;

    /** The handler of one request. */
    @FunctionalInterface
    public interface Handler {
        /** Returns the value whose text is the response body. */
        @Nullable
        Object handle(HttpServletRequest request) throws Exception;
    }

    /**
     * Starts the application.
     *
     * @param folder the folder for Tomcat's files
     * @param cookieName the name of the session cookie
     */
    public WebApplication(Path folder, Sessions sessions, AttributeFormat format, String cookieName) {
        this.cookieName = cookieName;
        SojournFilter filter =
                SojournFilter.builder(sessions).attributes(format).build();
        try {
            tomcat.setBaseDir(Files.createTempDirectory(folder, "tomcat").toString());
            tomcat.setPort(0);
            tomcat.setSilent(true);
            tomcat.getConnector();
            tomcat.addContext("", null)
                    .addServletContainerInitializer(
                            (types, context) -> {
                                context.addFilter("sojourn", filter)
                                        .addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
                                context.addServlet("pages", new Pages()).addMapping("/*");
                            },
                            Set.of());
            tomcat.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Serves one request of the client with this handler, and returns the response body. Fails if the handler fails. */
    public String request(Handler next) {
        handler = next;
        problem = null;
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + "/"));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookieName + "=" + cookie);
        }
        HttpResponse<String> response = send(request.build());
        Throwable failed = problem;
        if (failed != null || response.statusCode() != 200) {
            throw new AssertionError("a request failed with status " + response.statusCode(), failed);
        }
        response.headers().allValues("Set-Cookie").stream()
                .filter(each -> each.startsWith(cookieName + "="))
                .forEach(each -> cookie = each.substring(cookieName.length() + 1, each.indexOf(';')));
        return response.body();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the value of the client's cookie. */
    public String cookie() {
        return cookie;
    }

    /** Replaces the client's cookie with that of another application's client. */
    public WebApplication useCookieOf(WebApplication other) {
        cookie = other.cookie;
        return this;
    }

    private final class Pages extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setCharacterEncoding("UTF-8");
            try {
                response.getWriter().print(handler.handle(request));
            } catch (Throwable e) {
                problem = e;
                response.sendError(500);
            }
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
