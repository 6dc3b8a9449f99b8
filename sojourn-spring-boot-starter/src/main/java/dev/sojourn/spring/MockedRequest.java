package dev.sojourn.spring;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.servlet.Sojourn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;

/** A request of a test. The session that its client is said to have becomes the application's when that is first asked for. */
final class MockedRequest extends HttpServletRequestWrapper {
    /** The key of {@code HttpSessionSecurityContextRepository}, which an application without Spring Security does not have. */
    private static final String SECURITY_CONTEXT = "SPRING_SECURITY_CONTEXT";

    /** Where the request keeps the id that its session had when the handler first asked for it; empty if there was none. */
    private static final String HANDED_OVER = MockedRequest.class.getName() + ".handedOver";

    private final MockHttpServletRequest mock;
    private final boolean hadSession;
    private final Set<String> shownBefore;
    private final @Nullable SubjectSource subjects;

    /**
     * Wraps a request.
     *
     * @param hadSession whether the mock session stood for a session when it was last seen
     * @param shownBefore the attributes that the mock session had then
     */
    MockedRequest(
            HttpServletRequest request,
            MockHttpServletRequest mock,
            boolean hadSession,
            Set<String> shownBefore,
            @Nullable SubjectSource subjects) {
        super(request);
        this.mock = mock;
        this.hadSession = hadSession;
        this.shownBefore = shownBefore;
        this.subjects = subjects;
    }

    @Override
    public HttpSession getSession() {
        handOver();
        return super.getSession();
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        handOver();
        return super.getSession(create);
    }

    @Override
    public String changeSessionId() {
        handOver();
        return super.changeSessionId();
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        handOver();
        return super.isRequestedSessionIdValid();
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        Object value = super.getAttribute(name);
        if (value instanceof Session) {
            handOver();
            return super.getAttribute(name);
        }
        return value;
    }

    private boolean isUsed() {
        return mock.getAttribute(HANDED_OVER) != null;
    }

    // ---- from the test to the application

    private void handOver() {
        if (isUsed()) {
            return;
        }
        mock.setAttribute(HANDED_OVER, "");
        HttpSession given = mock.getSession(false);
        HttpSession present = super.getSession(false);
        if (given != null && hadSession && present == null) {
            // It has ended elsewhere: what the test still holds must not bring it back.
            given.invalidate();
        } else if (given != null) {
            present = handOver(given, present);
        }
        mock.setAttribute(HANDED_OVER, present == null ? "" : present.getId());
    }

    private @Nullable HttpSession handOver(HttpSession given, @Nullable HttpSession present) {
        List<String> names = Collections.list(given.getAttributeNames());
        if (present == null && names.isEmpty()) {
            return null;
        }
        HttpSession session = super.getSession();
        for (String name : names) {
            Object value = given.getAttribute(name);
            if (!value.equals(session.getAttribute(name))) {
                set(session, given, name, value);
            }
        }
        shownBefore.stream().filter(name -> !names.contains(name)).forEach(session::removeAttribute);
        return session;
    }

    /** Test support puts a user into the session who, like that of an access token, never gets there in production. */
    private void set(HttpSession session, HttpSession given, String name, Object value) {
        try {
            session.setAttribute(name, value);
        } catch (IllegalArgumentException e) {
            String user = name.equals(SECURITY_CONTEXT) && subjects != null ? subjects.apply(given) : null;
            if (user == null) {
                throw e;
            }
            Sojourn.session(session).login(user);
        }
    }

    // ---- from the application to the test

    /**
     * Shows the test what is in the session after the request.
     *
     * @return the mock session that stands for it, or null if there is none
     */
    @Nullable
    HttpSession handBack() {
        HttpSession given = mock.getSession(false);
        // While a handler goes on asynchronously the session is in its hands; the dispatch that follows comes through
        // here.
        if (!isUsed() || mock.isAsyncStarted()) {
            return given;
        }
        try {
            HttpSession session = super.getSession(false);
            return session == null ? ended(given) : show(session, given);
        } catch (SessionException | IllegalStateException e) {
            // The answer to this request says what happened.
            return given;
        }
    }

    private static @Nullable HttpSession ended(@Nullable HttpSession given) {
        if (given instanceof MockHttpSession shown && !shown.isInvalid()) {
            shown.invalidate();
        }
        return null;
    }

    private HttpSession show(HttpSession session, @Nullable HttpSession given) {
        HttpSession shown = given != null ? given : mock.getSession();
        List<String> names = Collections.list(session.getAttributeNames());
        for (String name : names) {
            Object value = session.getAttribute(name);
            if (value != null && value != shown.getAttribute(name)) {
                shown.setAttribute(name, value);
            }
        }
        Collections.list(shown.getAttributeNames()).stream()
                .filter(name -> !names.contains(name))
                .forEach(shown::removeAttribute);
        if (given instanceof MockHttpSession client && hasNewId(session)) {
            client.changeSessionId();
        }
        return shown;
    }

    /** A user who signs in gets a new id even where the client's session was empty, and so was none here. */
    private boolean hasNewId(HttpSession session) {
        Object before = mock.getAttribute(HANDED_OVER);
        return "".equals(before)
                ? Sojourn.session(session).subject() != null
                : !session.getId().equals(before);
    }
}
