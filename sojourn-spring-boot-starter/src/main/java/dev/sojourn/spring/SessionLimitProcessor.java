package dev.sojourn.spring;

import dev.sojourn.OnLimit;
import dev.sojourn.servlet.Sojourn;
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
 * A bean post-processor that has each session that signs in under {@code maximumSessions} keep that limit when it is stored.
 * Spring Security counts before that, so that logins at the same time can all pass its check. It passes its session strategies
 * to post-processors.
 */
final class SessionLimitProcessor implements BeanPostProcessor {
    private static final Class<ConcurrentSessionControlAuthenticationStrategy> STRATEGY =
            ConcurrentSessionControlAuthenticationStrategy.class;

    private final Supplier<SessionRegistry> registry;

    SessionLimitProcessor(Supplier<SessionRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean.getClass() == STRATEGY
                ? new LimitingStrategy((ConcurrentSessionControlAuthenticationStrategy) bean, registry.get())
                : bean;
    }

    /**
     * Counts as Spring Security does, which sends a refused login to its failure handler or ends the sessions used least
     * recently, then sets the limit.
     */
    private static final class LimitingStrategy extends ConcurrentSessionControlAuthenticationStrategy {
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

        LimitingStrategy(ConcurrentSessionControlAuthenticationStrategy delegate, SessionRegistry registry) {
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
                Sojourn.session(request).maxSessionsPerUser(most, refuses ? OnLimit.REFUSE_LOGIN : OnLimit.END_OLDEST);
            }
        }
    }
}
