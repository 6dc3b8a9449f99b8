package dev.sojourn.testing;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks an application's own handlers against session fixation, over HTTP: an attacker plants a cookie in a victim's browser,
 * waits for the victim to sign in, and uses the same cookie. Works with any server and any session library.
 *
 * <p>The cookie is planted twice: as a value that the attacker invented, and, if {@link #page} is set, as the value of a session
 * that the attacker was given. Not thread-safe.
 */
public final class FixationCheck {
    private static final String INVENTED = "QXR0YWNrZXJzLWNob2ljZS0wMDAwMDAwMDAwMDAwMDAw";

    private final AuditClient client;
    private @Nullable HttpRequest page;
    private @Nullable HttpRequest signIn;
    private @Nullable HttpRequest account;
    private Predicate<HttpResponse<String>> signedIn = AuditClient::isSuccess;

    private FixationCheck(AuditClient client) {
        this.client = client;
    }

    /**
     * Creates a check.
     *
     * @param cookie the name of the cookie that carries the session, for example {@code __Host-id}
     * @return the check
     */
    public static FixationCheck of(String cookie) {
        return new FixationCheck(new AuditClient(cookie));
    }

    /**
     * Sets a request that starts a session without a signed-in user. Optional.
     *
     * @param request the request; the check adds the cookie
     * @return this
     */
    public FixationCheck page(HttpRequest request) {
        this.page = request;
        return this;
    }

    /**
     * Sets the request that signs a user in, with what the handler needs: name, password, a token against forgery.
     *
     * @param request the request; the check adds the cookie. It is sent several times
     * @return this
     */
    public FixationCheck signIn(HttpRequest request) {
        this.signIn = request;
        return this;
    }

    /**
     * Sets a request that only a signed-in user may send.
     *
     * @param request the request; the check adds the cookie. It is sent several times
     * @return this
     */
    public FixationCheck account(HttpRequest request) {
        this.account = request;
        return this;
    }

    /**
     * Sets how to recognize that the response to {@link #account} is for a signed-in user. Default: a status of 200 to 299.
     *
     * @param test accepts the response for a signed-in user, and no other
     * @return this
     */
    public FixationCheck signedInIf(Predicate<HttpResponse<String>> test) {
        this.signedIn = Objects.requireNonNull(test, "test");
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
        HttpRequest login = CookieAudit.required(signIn, "signIn");
        HttpRequest members = CookieAudit.required(account, "account");
        AuditFindings findings = new AuditFindings();
        findings.add(
                "a client without a cookie is not signed in",
                !signedIn.test(client.send(members, null)),
                "the account request succeeds without a cookie, so the other rules show nothing");
        plant("an invented id", INVENTED, login, members, findings);
        String given = page == null ? null : client.valueAfter(client.send(page, null), null);
        if (given == null) {
            findings.notChecked(
                    "signing in changes the id of a session that the attacker was given",
                    page == null ? "no page is set" : "the page starts no session");
        } else {
            plant("the id of a session that the attacker was given", given, login, members, findings);
        }
        return findings.report();
    }

    private void plant(String what, String planted, HttpRequest login, HttpRequest members, AuditFindings findings)
            throws IOException, InterruptedException {
        String after = client.valueAfter(client.send(login, planted), planted);
        findings.add(
                "with " + what + ", signing in sets another id",
                after != null && !after.equals(planted),
                after == null ? "the response removes the cookie" : "the client keeps the planted id");
        findings.add(
                "with " + what + ", the user is signed in afterwards",
                after != null && signedIn.test(client.send(members, after)),
                "the account request is refused with the cookie of the sign-in");
        findings.add(
                "with " + what + ", the attacker is not signed in afterwards",
                !signedIn.test(client.send(members, planted)),
                "the account request succeeds with the planted id");
    }
}
