package dev.sojourn.proof.site;

import dev.sojourn.RememberOptions;
import dev.sojourn.Sessions;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A site that remembers browsers, with browsers that keep its cookies. */
public final class RememberingSite implements AutoCloseable {
    /** The name of the remember-me cookie. */
    public static final String COOKIE = "__Host-remember";

    private static final String HOST = "shop.example";

    private final Site site;

    /** Creates a site with the default options of remember-me. */
    public RememberingSite() {
        this(r -> {}, c -> {});
    }

    /** Creates a site with these options of remember-me, and these others. */
    public RememberingSite(Consumer<RememberOptions> remember, Consumer<Sessions.Config> options) {
        this.site = Site.onTwoNodes(c -> {
            c.rememberMe(remember);
            options.accept(c);
        });
        site.addPage("/login-remembered", (session, exchange) -> {
            session.login(Site.query(exchange));
            session.remember();
            return "ok";
        });
        site.addPage("/remember", (session, exchange) -> {
            session.remember();
            return "ok";
        });
        site.addPage("/who", (session, exchange) -> session.subject() + " " + session.isRemembered());
        site.addPage(
                "/end-others",
                (session, exchange) ->
                        String.valueOf(site.sessions().of(Site.query(exchange)).endOthers(session)));
    }

    /** Returns the site. */
    public Site site() {
        return site;
    }

    /** Returns a new browser without cookies. */
    public Browser browser() {
        return new Browser(new CookieJar());
    }

    /** A browser, which sends its cookies and keeps those that it receives. */
    public final class Browser {
        private final CookieJar jar;

        private Browser(CookieJar jar) {
            this.jar = jar;
        }

        /** Requests a page. */
        public RawResponse get(String path) {
            RawResponse response = getWithoutReceiving(path);
            jar.receive(HOST, path, HOST, response.cookies());
            return response;
        }

        /** Requests a page whose response is lost. */
        public RawResponse getWithoutReceiving(String path) {
            return site.get(path, jar.header(HOST, path, HOST).stream().toArray(String[]::new));
        }

        /** Returns a copy of this browser as it is now, cookies included: a thief. */
        public Browser copy() {
            Browser copy = new Browser(new CookieJar());
            for (String pair : pairs()) {
                copy.jar.receive(HOST, "/", HOST, List.of(pair + "; Path=/; Secure"));
            }
            return copy;
        }

        /** Removes the session cookie, as at the end of a browser's session. */
        public Browser restart() {
            jar.receive(HOST, "/", HOST, List.of("__Host-id=; Path=/; Secure; Max-Age=0"));
            return this;
        }

        /** Returns the value of a cookie, if the browser has it. */
        public Optional<String> cookie(String name) {
            return pairs().stream()
                    .filter(pair -> pair.startsWith(name + "="))
                    .map(pair -> pair.substring(name.length() + 1))
                    .findFirst();
        }

        /** Returns the remember-me token, if the browser has one. */
        public Optional<String> rememberToken() {
            return cookie(COOKIE);
        }

        private List<String> pairs() {
            return jar.header(HOST, "/", HOST).stream()
                    .flatMap(line -> List.of(line.substring("Cookie: ".length()).split("; ")).stream())
                    .toList();
        }
    }

    @Override
    public void close() {
        site.close();
    }
}
