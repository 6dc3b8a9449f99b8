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

/** A web application on Tomcat with sessions, its drop-in {@code HttpSession} among them, and one visitor. */
public final class WebApplication implements AutoCloseable {
    private final Tomcat tomcat = new Tomcat();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String cookieName;
    private String cookie = "";
    private volatile Work work = request -> "";
    private volatile @Nullable Throwable problem;

    /** What one request does. */
    @FunctionalInterface
    public interface Work {
        /** Returns what is answered. */
        @Nullable
        Object of(HttpServletRequest request) throws Exception;
    }

    /**
     * Starts it.
     *
     * @param folder where Tomcat may put its files
     * @param cookieName what the sessions' cookie is called
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

    /** Does something in one request of the visitor, and returns what it answers. Fails if it fails. */
    public String request(Work now) {
        work = now;
        problem = null;
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + "/"));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookieName + "=" + cookie);
        }
        HttpResponse<String> answer = send(request.build());
        Throwable failed = problem;
        if (failed != null || answer.statusCode() != 200) {
            throw new AssertionError("a request was answered " + answer.statusCode(), failed);
        }
        answer.headers().allValues("Set-Cookie").stream()
                .filter(each -> each.startsWith(cookieName + "="))
                .forEach(each -> cookie = each.substring(cookieName.length() + 1, each.indexOf(';')));
        return answer.body();
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

    /** Returns the value of the visitor's cookie. */
    public String cookie() {
        return cookie;
    }

    /** Gives the visitor the cookie of another visitor. */
    public WebApplication as(WebApplication other) {
        cookie = other.cookie;
        return this;
    }

    private final class Pages extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setCharacterEncoding("UTF-8");
            try {
                response.getWriter().print(work.of(request));
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
