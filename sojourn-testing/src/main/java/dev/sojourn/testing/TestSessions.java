package dev.sojourn.testing;

import dev.sojourn.EditableSession;
import dev.sojourn.IssuedTokens;
import dev.sojourn.SealedSessions;
import dev.sojourn.SignIn;
import dev.sojourn.TokenSessions;
import dev.sojourn.TokenViews;
import dev.sojourn.spi.SessionSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signs users in for tests of an application's own handlers, without a server and without the application's login page: {@code
 * TestSessions.of(sessions).signIn("alice")}. Sessions in a store, sealed sessions and sessions with access tokens work alike.
 * Thread-safe.
 */
public final class TestSessions {
    private final SessionSource sessions;

    private TestSessions(SessionSource sessions) {
        this.sessions = sessions;
    }

    /**
     * Creates the means to sign users in.
     *
     * @param sessions the application's sessions
     * @return an object that signs users in to these sessions
     * @throws IllegalArgumentException if these are {@link TokenViews}, which have no sign-in; {@link TestTokens} issues
     *     tokens for them
     */
    public static TestSessions of(SessionSource sessions) {
        Objects.requireNonNull(sessions, "sessions");
        if (sessions instanceof TokenViews) {
            throw new IllegalArgumentException(
                    "TokenViews sign no user in: trust a TestTokens, and send what its issue method returns");
        }
        return new TestSessions(sessions);
    }

    /**
     * Signs a user in to a new session. Blocks as a request does.
     *
     * @param user the user, as given to {@code login}
     * @return what a client sends to be this user
     * @throws IllegalArgumentException if it is not a well-formed subject
     */
    public SignedInUser signIn(String user) {
        return signIn(user, session -> {});
    }

    /**
     * Signs a user in to a new session with facts of the sign-in. Blocks as a request does.
     *
     * @param user the user, as given to {@code login}
     * @param how how and when the user signed in
     * @return what a client sends to be this user
     * @throws IllegalArgumentException if it is not a well-formed subject
     */
    public SignedInUser signIn(String user, SignIn how) {
        return signIn(user, how, session -> {});
    }

    /**
     * Signs a user in to a new session and fills it. Blocks as a request does.
     *
     * @param user the user, as given to {@code login}
     * @param filling runs after the login, in the same request: sets attributes, elevates
     * @return what a client sends to be this user
     * @throws IllegalArgumentException if it is not a well-formed subject
     */
    public SignedInUser signIn(String user, Consumer<? super EditableSession> filling) {
        return signIn(user, SignIn.by(), filling);
    }

    /**
     * Signs a user in to a new session with facts of the sign-in and fills it. Blocks as a request does.
     *
     * @param user the user, as given to {@code login}
     * @param how how and when the user signed in
     * @param filling runs after the login, in the same request: sets attributes, elevates
     * @return what a client sends to be this user
     * @throws IllegalArgumentException if it is not a well-formed subject
     */
    public SignedInUser signIn(String user, SignIn how, Consumer<? super EditableSession> filling) {
        TestExchange exchange = new TestExchange("/");
        if (sessions instanceof TokenSessions tokens) {
            AtomicReference<@Nullable IssuedTokens> issued = new AtomicReference<>();
            exchange.serve(sessions, session -> {
                session.login(user, how);
                filling.accept(session);
                issued.set(tokens.issue(session));
            });
            return SignedInUser.byHeader(
                    user,
                    "Authorization",
                    "Bearer " + Objects.requireNonNull(issued.get()).accessToken());
        }
        Consumer<EditableSession> handler = session -> {
            session.login(user, how);
            filling.accept(session);
        };
        if (sessions instanceof SealedSessions) {
            exchange.serveSealed(sessions, handler::accept);
        } else {
            exchange.serve(sessions, handler::accept);
        }
        return read(user, exchange);
    }

    private SignedInUser read(String user, TestExchange response) {
        Map<String, String> cookies = new LinkedHashMap<>();
        for (String line : response.responseHeaders("Set-Cookie")) {
            SetCookie cookie = SetCookie.parse(line);
            if (!cookie.isExpiry()) {
                cookies.put(cookie.name(), cookie.value());
            }
        }
        if (!cookies.isEmpty()) {
            return SignedInUser.byCookies(user, cookies);
        }
        for (String header : sessions.tokenHeaders()) {
            boolean bearer = header.equalsIgnoreCase("Authorization");
            for (String token : response.responseHeaders(bearer ? "Session-Token" : header)) {
                return SignedInUser.byHeader(user, header, bearer ? "Bearer " + token : token);
            }
        }
        throw new IllegalStateException("the response to the login has neither a cookie nor a token in a header that "
                + "requests use: " + sessions.tokenHeaders());
    }
}
