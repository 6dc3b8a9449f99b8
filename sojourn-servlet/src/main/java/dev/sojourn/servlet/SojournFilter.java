package dev.sojourn.servlet;

import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import dev.sojourn.SignIn;
import dev.sojourn.servlet.RequestSession.DispatchResult;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.TypedAttributes.TypedValue;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.EventListener;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A filter that adds sessions to a web application. Put it in front of everything that uses them, for all dispatcher types and
 * with support for asynchronous requests:
 *
 * <pre>{@code
 * FilterRegistration.Dynamic filter = context.addFilter("sojourn", new SojournFilter(sessions));
 * filter.setAsyncSupported(true);
 * filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
 * }</pre>
 *
 * <p>The session is saved before the first byte of the response is sent. If that fails, an error response replaces the
 * servlet's. The container handles exceptions, and its error pages have the session; only for a {@link SessionException} that
 * the application throws, this filter sends an error response.
 *
 * <p>{@link Sojourn#session(ServletRequest)} returns the session, {@link Sojourn#sealed} a sealed one, {@link Sojourn#view} what
 * can be read of any. With {@link Sessions}, {@code request.getSession()} and the methods related to it work on the same session,
 * as the Servlet specification requires. An {@link HttpSession} makes promises that only a store can keep: over anything else,
 * {@code getSession(false)} returns null and {@code getSession()} throws an {@link IllegalStateException}. Thread-safe.
 */
public final class SojournFilter implements Filter {
    private final FilterSettings settings;
    private final ContextListeners listeners;
    /** Unique, since one chain may contain several filters, each with its own sessions. */
    private final String requestSessionAttribute =
            "dev.sojourn.servlet." + Integer.toHexString(System.identityHashCode(this));

    /**
     * Creates a filter over these sessions. The drop-in {@link HttpSession} accepts strings, numbers and JDK types; register
     * types of the application with a {@link #builder}.
     *
     * @param sessions the application's sessions: {@link Sessions}, sealed sessions or the views of tokens
     */
    public SojournFilter(SessionSource sessions) {
        this(builder(sessions).settings());
    }

    private SojournFilter(FilterSettings settings) {
        this.settings = settings;
        this.listeners = new ContextListeners(settings.listeners());
    }

    /**
     * Returns a builder of a filter with options.
     *
     * @param sessions the application's sessions: {@link Sessions}, sealed sessions or the views of tokens
     * @return the builder
     */
    public static Builder builder(SessionSource sessions) {
        return new Builder(sessions);
    }

    /** The options of a filter. Not thread-safe. */
    public static final class Builder {
        private final SessionSource sessions;
        private AttributeFormat format = AttributeFormat.json();
        private boolean trustsTypesInData;
        private List<EventListener> listeners = List.of();
        private Function<HttpSession, @Nullable String> subjectOf = session -> null;
        private Function<HttpSession, @Nullable SignIn> signInOf = session -> null;
        private BiFunction<Throwable, ErrorResponse, ErrorResponse> errorResponses = (problem, response) -> response;
        private Predicate<HttpServletRequest> isProtectedElsewhere = request -> false;

        private Builder(SessionSource sessions) {
            this.sessions = Objects.requireNonNull(sessions, "sessions");
        }

        /**
         * Sets the format of the drop-in session's attributes. Default: {@link AttributeFormat#json} without types of the
         * application.
         *
         * @param attributes the format
         * @return this
         */
        public Builder attributes(AttributeFormat attributes) {
            TypedValue.requireFormat(attributes.name());
            format = attributes;
            return this;
        }

        /**
         * Reads attributes that look like typed values as such, even if the record does not note that the format wrote them.
         * Records of versions before 0.1 do not distinguish the two, and this option keeps their sessions alive. Remove it once
         * they have ended, after the absolute timeout at the latest.
         *
         * <p>Risk: JSON that a client can get into an attribute, through {@code session.set(name, clientJson)} or Express's
         * {@code req.session.x = req.body}, becomes an object of any type that the format knows, including a signed-in user of
         * Spring Security. Default: off, and such JSON is data.
         *
         * @return this
         */
        public Builder trustTypesInData() {
            trustsTypesInData = true;
            return this;
        }

        /**
         * Sets the listeners of drop-in sessions: {@code HttpSessionListener}, {@code HttpSessionAttributeListener} and
         * {@code HttpSessionIdListener}. They are called after the listeners that Tomcat, Jetty or Undertow know from
         * {@code web.xml}, {@code @WebListener} or {@code ServletContext.addListener}, which need not be set here. In other
         * containers, set those too. Default: none.
         *
         * @param sessionListeners the listeners, called in this order, and in reverse order when a session ends; one that
         *     the container knows too is called once
         * @return this
         * @throws IllegalArgumentException if one of them implements none of these interfaces
         */
        public Builder listeners(EventListener... sessionListeners) {
            listeners = List.of(sessionListeners);
            DropInListeners.requireSessionListeners(listeners);
            return this;
        }

        /**
         * Sets the function that returns a drop-in session's subject, for applications that keep it in an attribute. Called
         * before each save and by {@link Sojourn#session}. A new subject signs the session in, with a new id; its attributes
         * stay. Default: none; {@code Sojourn.session(request).login(subject)} does the same explicitly.
         *
         * @param subject returns the subject of a session, or null for none, which changes nothing
         * @return this
         */
        public Builder subjectOf(Function<HttpSession, @Nullable String> subject) {
            subjectOf = Objects.requireNonNull(subject, "subject");
            return this;
        }

        /**
         * Sets the function that returns how and when the subject of a drop-in session ({@link #subjectOf}) signed in. Called
         * when there is a new subject. Also called in a request that changes the session's id and keeps the subject: if it
         * then returns a time more than a minute after the known sign-in, the user has signed in again, and so does the
         * session. Default: none, a sign-in at the time of the request by an unknown method.
         *
         * @param signIn returns the sign-in, or null if nothing is known of it
         * @return this
         */
        public Builder signInOf(Function<HttpSession, @Nullable SignIn> signIn) {
            signInOf = Objects.requireNonNull(signIn, "signIn");
            return this;
        }

        /**
         * Sets what replaces the handler's response when a session fails: when a {@link SessionException} leaves the handler,
         * or when the session cannot be saved. The failure is logged before. Must be thread-safe. If it throws, the default
         * response is sent and the exception is logged. Default: the response that {@link ErrorResponse#of} makes, whose text
         * reveals nothing about the server.
         *
         * @param responses returns the response to send, given the failure and the default response
         * @return this
         */
        public Builder errorResponses(BiFunction<Throwable, ErrorResponse, ErrorResponse> responses) {
            errorResponses = Objects.requireNonNull(responses, "responses");
            return this;
        }

        /**
         * Sets which requests another protection examines for requests of other sites, such as a filter that checks CSRF
         * tokens. This filter then does not refuse them; see {@link dev.sojourn.CsrfOptions}. Must be thread-safe. Default:
         * none.
         *
         * @param requests called only for a request that would be refused, before any filter behind this one has seen it
         * @return this
         */
        public Builder protectedElsewhere(Predicate<HttpServletRequest> requests) {
            isProtectedElsewhere = Objects.requireNonNull(requests, "requests");
            return this;
        }

        /**
         * Creates the filter.
         *
         * @return a filter with these options
         */
        public SojournFilter build() {
            return new SojournFilter(settings());
        }

        private FilterSettings settings() {
            if (trustsTypesInData) {
                logger().log(
                                System.Logger.Level.WARNING,
                                "trustTypesInData() (with Spring sojourn.attributes.trust-types-in-data) is on: JSON"
                                        + " that a client can get into an attribute may be read as any type that the"
                                        + " format knows. Remove it once the sessions of earlier versions have ended");
            }
            return new FilterSettings(
                    sessions,
                    format,
                    trustsTypesInData,
                    listeners,
                    subjectOf,
                    signInOf,
                    errorResponses,
                    isProtectedElsewhere,
                    new ContainerSettings(sessions));
        }
    }

    /** Reads the container's session listeners, which are all registered by now, and its session settings. */
    @Override
    public void init(FilterConfig config) {
        listeners.addContext(config.getServletContext());
        settings.containerSettings().read(config);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest httpRequest && response instanceof HttpServletResponse httpResponse) {
            filter(httpRequest, httpResponse, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        RequestSession known = (RequestSession) request.getAttribute(requestSessionAttribute);
        if (known == null || known.isClosed()) {
            RequestSession requestSession = known == null
                    ? new RequestSession(settings, listeners.of(request.getServletContext()), request, response)
                    : known.next(request, response);
            request.setAttribute(requestSessionAttribute, requestSession);
            serveWrapped(requestSession, request, response, chain);
        } else if (request.getAttribute(known.behindFilterAttribute()) != null) {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                known.resume();
                serve(known, request, response, chain);
            } else {
                chain.doFilter(request, response);
                if (request.getDispatcherType() != DispatcherType.INCLUDE) {
                    // The container closes the response after a forward, before the surrounding dispatch ends.
                    known.sendRedirect();
                }
            }
        } else {
            // The error page of an asynchronous request gets the container's request; forwards and includes
            // pass the SessionRequest on.
            known.resumeWith(response);
            serveWrapped(known, request, response, chain);
        }
    }

    private static void serveWrapped(
            RequestSession requestSession, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        SessionResponse sessionResponse = new SessionResponse(response, requestSession);
        serve(requestSession, new SessionRequest(request, sessionResponse, requestSession), sessionResponse, chain);
    }

    private static void serve(
            RequestSession requestSession, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        DispatchResult result = DispatchResult.RETURNED;
        try {
            requestSession.admit();
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException | Error e) {
            result = DispatchResult.FAILED;
            if (!requestSession.handleFailure(e)) {
                throw e;
            }
        } finally {
            requestSession.endDispatch(result);
        }
    }

    static System.Logger logger() {
        return System.getLogger("dev.sojourn.servlet");
    }

    /** Omits the options. */
    @Override
    public String toString() {
        return "SojournFilter";
    }
}
