package dev.sojourn.servlet;

import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.TypedAttributes.Stored;
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
import org.jspecify.annotations.Nullable;

/**
 * The one line that gives a web application sessions. Mount it in front of everything that uses them, for all kinds of
 * dispatches and with support for asynchronous requests:
 *
 * <pre>{@code
 * FilterRegistration.Dynamic filter = context.addFilter("sojourn", new SojournFilter(sessions));
 * filter.setAsyncSupported(true);
 * filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
 * }</pre>
 *
 * <p>A session is saved before the first byte of the response leaves. If that fails, the response that the servlet chose is
 * replaced. Exceptions stay the container's affair, whose error pages see the session; only a {@link SessionException}
 * that the application lets pass is answered here.
 *
 * <p>{@link SojournPlugin#session(ServletRequest)} gives the session. {@code request.getSession()} and what belongs to it work as
 * the Servlet specification says, over the same session. Thread-safe.
 */
public final class SojournFilter implements Filter {
    private final FilterSettings settings;
    private final ContextListeners listeners;
    /** Several filters may stand in one chain, each with its own sessions. */
    private final String visitAttribute = "dev.sojourn.servlet." + Integer.toHexString(System.identityHashCode(this));

    /**
     * A filter over these sessions. The drop-in {@link HttpSession} keeps texts, numbers and what belongs to Java itself;
     * types of the application are registered with a {@link #builder}.
     *
     * @param sessions the application's sessions
     */
    public SojournFilter(Sessions sessions) {
        this(builder(sessions).settings());
    }

    private SojournFilter(FilterSettings settings) {
        this.settings = settings;
        this.listeners = new ContextListeners(settings.named());
    }

    /**
     * A filter with options.
     *
     * @param sessions the application's sessions
     * @return its builder
     */
    public static Builder builder(Sessions sessions) {
        return new Builder(sessions);
    }

    /** The options of a filter. Not thread-safe. */
    public static final class Builder {
        private final Sessions sessions;
        private AttributeFormat format = AttributeFormat.json();
        private boolean trustsTypesInData;
        private List<EventListener> listeners = List.of();
        private Function<HttpSession, @Nullable String> subjectOf = session -> null;
        private BiFunction<Throwable, ErrorResponse, ErrorResponse> errorResponses = (problem, response) -> response;

        private Builder(Sessions sessions) {
            this.sessions = Objects.requireNonNull(sessions, "sessions");
        }

        /**
         * How the drop-in session keeps attributes. Default: {@link AttributeFormat#json}, without types of the application.
         *
         * @param attributes the format
         * @return this
         */
        public Builder attributes(AttributeFormat attributes) {
            Stored.requireFormat(attributes.name());
            format = attributes;
            return this;
        }

        /**
         * Reads attributes as typed values that look like them, although the record does not say that the format wrote them. Versions
         * before 0.1 wrote records in which nothing tells the two apart, and this lets their sessions go on. Remove it once these have
         * ended, after the absolute timeout at the latest.
         *
         * <p>What it risks: JSON that a client can bring into an attribute, by {@code session.set(name, clientJson)} or by Express's
         * {@code req.session.x = req.body}, becomes an object of any type that the format knows, a signed-in user of Spring Security
         * among them. Default: off, and such JSON is data.
         *
         * @return this
         */
        public Builder trustTypesInData() {
            trustsTypesInData = true;
            return this;
        }

        /**
         * Who hears of drop-in sessions: {@code HttpSessionListener}, {@code HttpSessionAttributeListener} and
         * {@code HttpSessionIdListener}. They hear after those that Tomcat, Jetty or Undertow know from {@code web.xml},
         * {@code @WebListener} or {@code ServletContext.addListener}, which hear of these sessions without being named.
         * Name those of other containers. Default: none.
         *
         * @param heard the listeners, told in this order and of ends in the opposite one; one that the container knows too hears once
         * @return this
         * @throws IllegalArgumentException if one of them is none of these three
         */
        public Builder listeners(EventListener... heard) {
            listeners = List.of(heard);
            Listeners.check(listeners);
            return this;
        }

        /**
         * Whom a drop-in session belongs to, where the application says so by an attribute: asked before each save and where
         * {@link SojournPlugin#session} is asked for, and a new answer signs that user in, with a new id. What is in the session stays. Default: nobody;
         * {@code SojournPlugin.session(request).login(subject)} does it by hand.
         *
         * @param subject gives the user of a session, or null for nobody, which changes nothing
         * @return this
         */
        public Builder subjectOf(Function<HttpSession, @Nullable String> subject) {
            subjectOf = Objects.requireNonNull(subject, "subject");
            return this;
        }

        /**
         * Sets what replaces the handler's response when a session fails: when a {@link SessionException} leaves the handler, or when the
         * session cannot be saved. The failure is logged before. Must be thread-safe. If it throws, the default response is sent and the
         * exception is logged. Default: the response that {@link ErrorResponse#of} makes, whose text reveals nothing about the server.
         *
         * @param responses returns the response to send, given the failure and the default response
         * @return this
         */
        public Builder errorResponses(BiFunction<Throwable, ErrorResponse, ErrorResponse> responses) {
            errorResponses = Objects.requireNonNull(responses, "responses");
            return this;
        }

        /**
         * The filter.
         *
         * @return a filter with these options
         */
        public SojournFilter build() {
            return new SojournFilter(settings());
        }

        private FilterSettings settings() {
            if (trustsTypesInData) {
                log().log(
                                System.Logger.Level.WARNING,
                                "trustTypesInData() (with Spring sojourn.attributes.trust-types-in-data) is on: JSON"
                                        + " that a client can bring into an attribute may be read as any type that the"
                                        + " format knows. Remove it once the sessions of earlier versions have ended");
            }
            return new FilterSettings(
                    sessions,
                    format,
                    trustsTypesInData,
                    listeners,
                    subjectOf,
                    errorResponses,
                    new ContainerSettings(sessions));
        }
    }

    /** Finds the session listeners that the container knows, which are all there by now, and what it says of sessions. */
    @Override
    public void init(FilterConfig config) {
        listeners.find(config.getServletContext());
        settings.containers().find(config);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest asked && response instanceof HttpServletResponse answered) {
            filter(asked, answered, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        RequestSession known = (RequestSession) request.getAttribute(visitAttribute);
        if (known == null || known.isOver()) {
            RequestSession visit = known == null
                    ? new RequestSession(settings, listeners.in(request.getServletContext()), request, response)
                    : known.again(request, response);
            request.setAttribute(visitAttribute, visit);
            wrapped(visit, request, response, chain);
        } else if (request.getAttribute(known.mark()) != null) {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                known.goOn();
                serve(known, request, response, chain);
            } else {
                chain.doFilter(request, response);
                if (request.getDispatcherType() != DispatcherType.INCLUDE) {
                    // The container closes the response after a forward, before the dispatch that it is part of ends.
                    known.sendRedirect();
                }
            }
        } else {
            // The error page of an asynchronous request: forwards and includes pass our request on, this has the
            // container's.
            known.goOnWith(response);
            wrapped(known, request, response, chain);
        }
    }

    private static void wrapped(
            RequestSession visit, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        SessionResponse ourResponse = new SessionResponse(response, visit);
        serve(visit, new SessionRequest(request, ourResponse, visit), ourResponse, chain);
    }

    private static void serve(
            RequestSession visit, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean failed = false;
        try {
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException | Error e) {
            failed = true;
            if (!visit.failed(e)) {
                throw e;
            }
        } finally {
            visit.leave(failed);
        }
    }

    static System.Logger log() {
        return System.getLogger("dev.sojourn.servlet");
    }

    /** Says nothing of what is inside. */
    @Override
    public String toString() {
        return "SojournFilter";
    }
}
