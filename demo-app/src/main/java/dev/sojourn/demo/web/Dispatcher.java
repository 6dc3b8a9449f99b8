package dev.sojourn.demo.web;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionUndeliverableException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;

/** Brings requests to the pages, whatever server they come from: a server mounts this behind the session's adapter. */
public final class Dispatcher {
    /** The most bytes that a form may have. A server that reads bodies ahead needs to read one more at most. */
    public static final int LARGEST_FORM = 16_384;

    private static final System.Logger LOG = System.getLogger("dev.sojourn.demo");

    /** What goes with every page, unless a page says otherwise. */
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

    private final WebSite site;

    /**
     * A dispatcher.
     *
     * @param site the pages
     */
    public Dispatcher(WebSite site) {
        this.site = site;
    }

    /**
     * Answers. May block, as the session's methods may.
     *
     * @param incoming the request
     * @param session gives the visitor's session, the same instance each time; asked only if it is used
     * @return the answer, with all its headers but its length
     * @throws IOException if the client is gone
     */
    public Answer answer(Incoming incoming, Supplier<Session> session) throws IOException {
        Answer answer = answered(incoming, session);
        return new Answer(answer.status(), HEADERS, answer.body()).with(answer.headers());
    }

    private Answer answered(Incoming incoming, Supplier<Session> session) throws IOException {
        Target target = Target.of(incoming);
        VisitorsSession visitor = new VisitorsSession(session);
        Request request =
                new Request(incoming.method(), target.path(), Map.of(), Map.of(), incoming.headers("Cookie"), visitor);
        try {
            Page page = site.routes().find(incoming.method(), target.path());
            SameOrigin.check(incoming);
            Answer answer = page.answer(request.with(UrlEncoded.parse(target.query()), form(incoming)));
            // Not left to the adapter: what cannot be saved is to be said on a page of the demo's.
            visitor.save();
            return answer;
        } catch (Refusal e) {
            return site.refused(e, request);
        } catch (SessionUndeliverableException e) {
            LOG.log(Level.WARNING, "responded with " + e.status(), e);
            // Otherwise the adapter would try again, and answer in place of the page.
            visitor.discard();
            return site.refused(notOverPlainHttp(e), request);
        } catch (SessionException e) {
            // The library says what the client may be told, and with which status.
            LOG.log(Level.WARNING, "responded with " + e.status(), e);
            return site.refused(told(e), request);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "responded with 500", e);
            return site.refused(
                    new Refusal(500, "Something broke", "That was the demo's fault, not yours. Its log says more."),
                    request);
        }
    }

    private static Refusal notOverPlainHttp(SessionUndeliverableException problem) {
        return new Refusal(
                problem.status(),
                "Your browser would not keep the cookie",
                "The demo speaks plain http, and over plain http browsers keep its Secure cookie for localhost only. Open it on"
                        + " the machine that it runs on, as http://localhost with its port. In production TLS is in front.");
    }

    private static Refusal told(SessionException problem) {
        Refusal refusal = new Refusal(problem.status(), "The session cannot be had", problem.responseText());
        problem.retryAfter()
                .ifPresent(time -> refusal.with("Retry-After", Long.toString(Math.max(1, time.toSeconds()))));
        return refusal;
    }

    private static Map<String, String> form(Incoming incoming) throws IOException {
        if (!incoming.method().equals("POST")) {
            return Map.of();
        }
        byte[] bytes = incoming.body().readNBytes(LARGEST_FORM + 1);
        if (bytes.length > LARGEST_FORM) {
            throw new Refusal(413, "Too much", "A form may hold 16 kB here. Nothing was changed.");
        }
        String type = incoming.headers("Content-Type").stream().findFirst().orElse("");
        if (bytes.length > 0 && !type.startsWith("application/x-www-form-urlencoded")) {
            throw new Refusal(415, "Not a form", "Only a form's fields are understood here. Nothing was changed.");
        }
        return UrlEncoded.parse(new String(bytes, StandardCharsets.UTF_8));
    }
}
