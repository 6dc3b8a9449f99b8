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

/** A request of a test. Copies the test's mock session into the application's session when that is first used. */
final class MockSessionRequest extends HttpServletRequestWrapper {
    /** The key of {@code HttpSessionSecurityContextRepository}, a class that is absent without Spring Security. */
    private static final String SECURITY_CONTEXT = "SPRING_SECURITY_CONTEXT";

    /** The request attribute with the public id of the session when the handler first used it; empty if there was none. */
    private static final String HANDED_OVER = MockSessionRequest.class.getName() + ".handedOver";

    private final MockHttpServletRequest mock;
    private final boolean hadSession;
    private final Set<String> shownBefore;
    private final @Nullable SubjectResolver subjects;

    /**
     * Wraps a request.
     *
     * @param hadSession whether the mock session had a session after its last request
     * @param shownBefore the attributes that the mock session had then
     */
    MockSessionRequest(
            HttpServletRequest request,
            MockHttpServletRequest mock,
            boolean hadSession,
            Set<String> shownBefore,
            @Nullable SubjectResolver subjects) {
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
            // The session ended elsewhere: the attributes of the mock session must not revive it.
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

    /**
     * Sets an attribute. Test support also puts users into the session that production never stores, such as those of access
     * tokens.
     */
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
     * Copies the session's attributes into the test's mock session after the request.
     *
     * @return the mock session, or null if there is no session
     */
    @Nullable
    HttpSession handBack() {
        HttpSession given = mock.getSession(false);
        // While a handler runs asynchronously, it may use the session. The dispatch that follows calls this again.
        if (!isUsed() || mock.isAsyncStarted()) {
            return given;
        }
        try {
            HttpSession session = super.getSession(false);
            return session == null ? invalidate(given) : show(session, given);
        } catch (SessionException | IllegalStateException e) {
            // The response of this request shows the failure.
            return given;
        }
    }

    private static @Nullable HttpSession invalidate(@Nullable HttpSession given) {
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

    /**
     * Returns whether the session has a new id. A login gives it one even if the client had an empty session, which is not
     * stored.
     */
    private boolean hasNewId(HttpSession session) {
        Object before = mock.getAttribute(HANDED_OVER);
        return "".equals(before)
                ? Sojourn.session(session).subject() != null
                : !session.getId().equals(before);
    }
}
