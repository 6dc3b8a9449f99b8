package dev.sojourn.demo.web;

import dev.sojourn.SessionException;
import dev.sojourn.SessionUndeliverableException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Dispatches requests to the pages, independent of the server. A server mounts it behind the session adapter. */
public final class Dispatcher {
    /**
     * The maximum size of a form in bytes. A server that reads bodies in advance needs to read at most one byte more.
     */
    public static final int MAX_FORM_BYTES = 16_384;

    private static final System.Logger LOG = System.getLogger("dev.sojourn.demo");

    /** The headers of every page, unless a page sets others. */
    private static final Map<String, String> HEADERS = Map.of(
            "Cache-Control",
            "private, no-cache",
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
                    + " frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "same-origin");

    private static final String DEFAULT_HOST = "localhost";
    private static final int FIRST_SERVER_ERROR = 500;

    private final Website site;

    /**
     * Creates a dispatcher.
     *
     * @param site the pages
     */
    public Dispatcher(Website site) {
        this.site = site;
    }

    /**
     * Handles a request. May block, as the session's methods may.
     *
     * @param raw the request
     * @param sessions supplies the client's session; called only if the session is used
     * @return the response, with all headers except its length
     * @throws IOException if the client has disconnected
     */
    public Response respond(RawRequest raw, RequestSessions sessions) throws IOException {
        Response response = dispatch(raw, sessions);
        return new Response(response.status(), HEADERS, response.body()).with(response.headers());
    }

    private Response dispatch(RawRequest raw, RequestSessions sessions) throws IOException {
        RequestTarget target = RequestTarget.of(raw);
        UsedSession session = new UsedSession(sessions, site.sessionPlace());
        Request request =
                new Request(raw.method(), target.path(), Map.of(), Map.of(), raw.headers("Cookie"), host(raw), session);
        try {
            RequestHandler handler = site.routes().find(raw.method(), target.path());
            Response response = handler.handle(request.with(UrlEncoded.parse(target.query()), form(raw)));
            // Saved here and not by the adapter, so that the demo can show an error page if it fails.
            session.save();
            return response;
        } catch (HttpErrorException e) {
            return site.errorPage(e, request);
        } catch (SessionUndeliverableException e) {
            LOG.log(Level.WARNING, "responded with " + e.status(), e);
            // Otherwise the adapter would try to save again, and replace this page by its own response.
            session.discard();
            return site.errorPage(notOverPlainHttp(e), request);
        } catch (SessionException e) {
            // The exception carries the status and the text for the client.
            if (e.status() >= FIRST_SERVER_ERROR) {
                LOG.log(Level.WARNING, "responded with " + e.status(), e);
            }
            return site.errorPage(sessionUnavailable(e), request);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "responded with 500", e);
            return site.errorPage(
                    new HttpErrorException(
                            500, "Internal error", "This is an error in the demo. Its log has the details."),
                    request);
        }
    }

    private static HttpErrorException notOverPlainHttp(SessionUndeliverableException problem) {
        return new HttpErrorException(
                problem.status(),
                "Your browser would reject the cookie",
                "The demo uses plain http, and over plain http browsers accept its Secure cookie from localhost only. Open the"
                        + " demo on the machine that it runs on, as http://localhost with its port. In production, use TLS.");
    }

    private static HttpErrorException sessionUnavailable(SessionException problem) {
        String title = problem.status() < FIRST_SERVER_ERROR ? "Not allowed" : "Session not available";
        HttpErrorException error = new HttpErrorException(problem.status(), title, problem.responseText());
        problem.retryAfter().ifPresent(time -> error.with("Retry-After", Long.toString(Math.max(1, time.toSeconds()))));
        problem.challenge().ifPresent(challenge -> error.with("WWW-Authenticate", challenge));
        return error;
    }

    private static String host(RawRequest raw) {
        return raw.headers("Host").stream().findFirst().orElse(DEFAULT_HOST);
    }

    private static Map<String, String> form(RawRequest raw) throws IOException {
        if (!raw.method().equals("POST")) {
            return Map.of();
        }
        byte[] bytes = raw.body().readNBytes(MAX_FORM_BYTES + 1);
        if (bytes.length > MAX_FORM_BYTES) {
            throw new HttpErrorException(413, "Form too large", "A form may have at most 16 kB. Nothing was changed.");
        }
        String type = raw.headers("Content-Type").stream().findFirst().orElse("");
        if (bytes.length > 0 && !type.startsWith("application/x-www-form-urlencoded")) {
            throw new HttpErrorException(
                    415, "Not a form", "This address accepts form fields only. Nothing was changed.");
        }
        return UrlEncoded.parse(new String(bytes, StandardCharsets.UTF_8));
    }
}
