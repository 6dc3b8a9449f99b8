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
 * Puts a mark on each request that signs in under {@code maximumSessions}: Spring Security hands its strategies to post-processors
 * when they are set up.
 */
final class LimitedSignIns implements BeanPostProcessor {
    /** The request's attribute: a {@link LimitedSignIn}. */
    static final String SIGN_IN = LimitedSignIn.class.getName();

    private static final Class<ConcurrentSessionControlAuthenticationStrategy> STRATEGY =
            ConcurrentSessionControlAuthenticationStrategy.class;

    private final Supplier<SessionRegistry> registry;

    LimitedSignIns(Supplier<SessionRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean.getClass() == STRATEGY
                ? new Marking((ConcurrentSessionControlAuthenticationStrategy) bean, registry.get())
                : bean;
    }

    /** Counts first as Spring Security does, which lets most surplus sign-ins fail or ends what they replace. */
    private static final class Marking extends ConcurrentSessionControlAuthenticationStrategy {
        // Subclasses know the limit, others do not; what is to happen at the limit only the class itself knows.
        private static final Method LIMIT = Objects.requireNonNull(
                ReflectionUtils.findMethod(STRATEGY, "getMaximumSessionsForThisUser", Authentication.class));
        private static final Field REFUSES =
                Objects.requireNonNull(ReflectionUtils.findField(STRATEGY, "exceptionIfMaximumExceeded"));

        static {
            ReflectionUtils.makeAccessible(LIMIT);
            ReflectionUtils.makeAccessible(REFUSES);
        }

        private final ConcurrentSessionControlAuthenticationStrategy before;

        Marking(ConcurrentSessionControlAuthenticationStrategy before, SessionRegistry registry) {
            super(registry);
            this.before = before;
        }

        @Override
        public void onAuthentication(
                Authentication authentication, HttpServletRequest request, HttpServletResponse response) {
            before.onAuthentication(authentication, request, response);
            int most = (int) Objects.requireNonNull(ReflectionUtils.invokeMethod(LIMIT, before, authentication));
            if (most > 0) {
                boolean refuses = (boolean) Objects.requireNonNull(ReflectionUtils.getField(REFUSES, before));
                request.setAttribute(
                        SIGN_IN,
                        new LimitedSignIn(
                                authentication.getName(),
                                most,
                                refuses ? LimitedSignIn.Rule.THE_OLDEST : LimitedSignIn.Rule.THE_NEWEST));
            }
        }
    }
}
