package dev.sojourn.testing;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Audits the session cookie of an application's own handlers, over HTTP: its attributes, prefix and lifetime, whether responses
 * that set it may be cached, whether a sign-in changes it, whether a logout ends it, and whether pages show it. Works with any
 * server and any session library. Not thread-safe.
 */
public final class CookieAudit {
    /** The limit of browsers (RFC 6265bis, section 5.5). */
    private static final Duration LONGEST = Duration.ofDays(400);
    /** 128 bits in base64. */
    private static final int SHORTEST = 22;

    private final String name;
    private final AuditClient client;
    private @Nullable HttpRequest page;
    private @Nullable HttpRequest signIn;
    private @Nullable HttpRequest account;
    private @Nullable HttpRequest signOut;
    private Predicate<HttpResponse<String>> signedIn = AuditClient::isSuccess;
    private Duration longest = LONGEST;

    private CookieAudit(String name) {
        this.name = name;
        this.client = new AuditClient(name);
    }

    /**
     * Creates an audit.
     *
     * @param cookie the name of the cookie that carries the session, for example {@code __Host-id}
     * @return the audit
     */
    public static CookieAudit of(String cookie) {
        return new CookieAudit(cookie);
    }

    /**
     * Sets a request that starts a session without a signed-in user. Optional.
     *
     * @param request the request; the audit adds the cookie
     * @return this
     */
    public CookieAudit page(HttpRequest request) {
        this.page = request;
        return this;
    }

    /**
     * Sets the request that signs a user in, with what the handler needs: name, password, a token against forgery.
     *
     * @param request the request; the audit adds the cookie. It is sent twice
     * @return this
     */
    public CookieAudit signIn(HttpRequest request) {
        this.signIn = request;
        return this;
    }

    /**
     * Sets a request that only a signed-in user may send.
     *
     * @param request the request; the audit adds the cookie. It is sent several times
     * @return this
     */
    public CookieAudit account(HttpRequest request) {
        this.account = request;
        return this;
    }

    /**
     * Sets the request that signs the user out. Optional.
     *
     * @param request the request; the audit adds the cookie
     * @return this
     */
    public CookieAudit signOut(HttpRequest request) {
        this.signOut = request;
        return this;
    }

    /**
     * Sets how to recognize that the response to {@link #account} is for a signed-in user. Default: a status of 200 to 299.
     *
     * @param test accepts the response for a signed-in user, and no other
     * @return this
     */
    public CookieAudit signedInIf(Predicate<HttpResponse<String>> test) {
        this.signedIn = Objects.requireNonNull(test, "test");
        return this;
    }

    /**
     * Sets the longest lifetime of the cookie. Default: 400 days, the limit of browsers.
     *
     * @param lifetime the longest lifetime, in whole seconds
     * @return this
     */
    public CookieAudit maxLifetime(Duration lifetime) {
        this.longest = Objects.requireNonNull(lifetime, "lifetime");
        return this;
    }

    /**
     * Sends the requests. Blocks; each request waits for at most 20 seconds unless it has a timeout.
     *
     * @return what was found
     * @throws IllegalStateException if {@link #signIn} or {@link #account} is not set
     * @throws IOException if the server does not respond
     * @throws InterruptedException if the thread is interrupted
     */
    public AuditReport run() throws IOException, InterruptedException {
        HttpRequest login = required(signIn, "signIn");
        HttpRequest members = required(account, "account");
        AuditFindings findings = new AuditFindings();
        String before = page == null ? null : client.valueAfter(client.send(page, null), null);
        HttpResponse<String> response = client.send(login, before);
        Optional<SetCookie> set = client.cookie(response).filter(each -> !each.isExpiry());
        findings.add("signing in sets the cookie", set.isPresent(), "no Set-Cookie line for " + name);
        if (set.isEmpty()) {
            return findings.report();
        }
        SetCookie cookie = set.get();
        checkAttributes(cookie, findings);
        findings.add(
                "the response that sets the cookie is not stored by caches",
                directives(response).contains("no-store"),
                "Cache-Control has no no-store");
        if (before == null) {
            findings.notChecked("signing in changes the id", "no page that starts a session is set");
        } else {
            findings.add("signing in changes the id", !cookie.value().equals(before), "it stays the same");
        }
        checkId(cookie.value(), client.valueAfter(client.send(login, null), null), findings);
        HttpResponse<String> own = client.send(members, cookie.value());
        findings.add("the cookie signs the user in", signedIn.test(own), "status " + own.statusCode());
        findings.add(
                "neither an address nor a page shows the id",
                !AuditClient.shows(response, cookie.value()) && !AuditClient.shows(own, cookie.value()),
                "it is in a body, or in a header that names an address");
        checkSignOut(members, Objects.requireNonNullElse(client.valueAfter(own, cookie.value()), ""), findings);
        return findings.report();
    }

    static HttpRequest required(@Nullable HttpRequest request, String method) {
        if (request == null) {
            throw new IllegalStateException(
                    "call " + method + " first: there is nothing to check without this request");
        }
        return request;
    }

    private static List<String> directives(HttpResponse<?> response) {
        String all = String.join(",", response.headers().allValues("Cache-Control"));
        return List.of(all.toLowerCase(Locale.ROOT).replace(" ", "").split(",", -1));
    }

    private void checkAttributes(SetCookie cookie, AuditFindings findings) {
        findings.add("the cookie is HttpOnly", cookie.has("HttpOnly"), "scripts can read it");
        findings.add("the cookie is Secure", cookie.has("Secure"), "it travels over plain HTTP");
        findings.add(
                "the cookie is SameSite Lax or Strict",
                cookie.get("SameSite").equals("lax") || cookie.get("SameSite").equals("strict"),
                cookie.has("SameSite") ? "it is " + cookie.get("SameSite") : "the attribute is missing");
        findings.add(
                "the cookie's name has the prefix __Host- or __Secure-",
                name.startsWith("__Host-") || name.startsWith("__Secure-"),
                "a subdomain or a page over plain HTTP can set it");
        if (name.startsWith("__Host-")) {
            findings.add(
                    "the cookie keeps the rules of __Host-",
                    cookie.has("Secure") && cookie.get("Path").equals("/") && !cookie.has("Domain"),
                    "browsers refuse it without Secure and Path=/, and with Domain");
        }
        Duration lifetime = cookie.lifetime();
        findings.add(
                "the cookie's lifetime is at most " + longest,
                lifetime == null || lifetime.compareTo(longest) <= 0,
                "it is " + lifetime);
    }

    private static void checkId(String id, @Nullable String other, AuditFindings findings) {
        findings.add(
                "the id has room for 128 random bits",
                id.length() >= SHORTEST,
                "it has " + id.length() + " characters, and 128 bits in base64 need " + SHORTEST);
        findings.add("two sign-ins get different ids", !id.equals(other), "they are equal");
    }

    private void checkSignOut(HttpRequest members, String value, AuditFindings findings)
            throws IOException, InterruptedException {
        if (signOut == null) {
            findings.notChecked("signing out removes the cookie", "no request that signs out is set");
            findings.notChecked("signing out ends the session on the server", "no request that signs out is set");
            return;
        }
        HttpResponse<String> out = client.send(signOut, value);
        findings.add(
                "signing out removes the cookie",
                client.cookie(out).filter(SetCookie::isExpiry).isPresent(),
                "the response has no Set-Cookie line that ends it");
        findings.add(
                "signing out ends the session on the server",
                !signedIn.test(client.send(members, value)),
                "the account request succeeds with a copy of the cookie");
    }
}
