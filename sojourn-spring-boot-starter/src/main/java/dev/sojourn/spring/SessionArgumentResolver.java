package dev.sojourn.spring;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.servlet.Sojourn;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.util.Assert;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Resolves a controller's argument of type {@link Session}, {@link SealedSession} or {@link SessionView}. */
final class SessionArgumentResolver implements HandlerMethodArgumentResolver {
    private static final Map<Class<?>, Function<HttpServletRequest, SessionView>> KINDS = Map.of(
            Session.class, Sojourn::session,
            SealedSession.class, Sojourn::sealed,
            SessionView.class, Sojourn::view);

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return KINDS.containsKey(parameter.getParameterType());
    }

    @Override
    public @Nullable Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer model,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest httpRequest = request.getNativeRequest(HttpServletRequest.class);
        Assert.state(httpRequest != null, "a session argument needs an HTTP request");
        Function<HttpServletRequest, SessionView> kind = KINDS.get(parameter.getParameterType());
        return kind == null ? null : kind.apply(httpRequest);
    }
}
