package dev.sojourn.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.web.authentication.session.ConcurrentSessionControlAuthenticationStrategy;
import org.springframework.util.ReflectionUtils;

/**
 * A bean post-processor that adds the {@link SessionLimit} to each request that logs in under {@code maximumSessions}. Spring
 * Security passes its session strategies to post-processors.
 */
final class SessionLimitMarker implements BeanPostProcessor {
    /** The name of the request attribute: a {@link SessionLimit}. */
    static final String LIMIT = SessionLimit.class.getName();

    private static final Class<ConcurrentSessionControlAuthenticationStrategy> STRATEGY =
            ConcurrentSessionControlAuthenticationStrategy.class;

    private final Supplier<SessionRegistry> registry;

    SessionLimitMarker(Supplier<SessionRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean.getClass() == STRATEGY
                ? new MarkingStrategy((ConcurrentSessionControlAuthenticationStrategy) bean, registry.get())
                : bean;
    }

    /** Counts as Spring Security does, which refuses most surplus logins or ends the sessions that they replace, then adds the limit. */
    private static final class MarkingStrategy extends ConcurrentSessionControlAuthenticationStrategy {
        // The method is protected, and the field is private.
        private static final Method GET_LIMIT = Objects.requireNonNull(
                ReflectionUtils.findMethod(STRATEGY, "getMaximumSessionsForThisUser", Authentication.class));
        private static final Field REFUSES =
                Objects.requireNonNull(ReflectionUtils.findField(STRATEGY, "exceptionIfMaximumExceeded"));

        static {
            ReflectionUtils.makeAccessible(GET_LIMIT);
            ReflectionUtils.makeAccessible(REFUSES);
        }

        private final ConcurrentSessionControlAuthenticationStrategy delegate;

        MarkingStrategy(ConcurrentSessionControlAuthenticationStrategy delegate, SessionRegistry registry) {
            super(registry);
            this.delegate = delegate;
        }

        @Override
        public void onAuthentication(
                Authentication authentication, HttpServletRequest request, HttpServletResponse response) {
            delegate.onAuthentication(authentication, request, response);
            int most = (int) Objects.requireNonNull(ReflectionUtils.invokeMethod(GET_LIMIT, delegate, authentication));
            if (most > 0) {
                boolean refuses = (boolean) Objects.requireNonNull(ReflectionUtils.getField(REFUSES, delegate));
                request.setAttribute(
                        LIMIT,
                        new SessionLimit(
                                authentication.getName(),
                                most,
                                refuses ? SessionLimit.Rule.THE_OLDEST : SessionLimit.Rule.THE_NEWEST));
            }
        }
    }
}
