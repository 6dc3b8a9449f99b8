package dev.sojourn.spring;

import dev.sojourn.servlet.AttributeFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.security.authentication.AccountExpiredException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.authentication.DisabledException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.ProviderNotFoundException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.session.SessionAuthenticationException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The format of login failures, which the login page shows. Spring Security's Jackson modules support one of its exceptions. This
 * format stores the type and message of the others, without the cause. An exception that is not listed is read as its nearest
 * superclass that is.
 */
final class LoginFailureFormat implements ValueFormat {
    private static final Map<Class<?>, Function<String, AuthenticationException>> KNOWN = Map.ofEntries(
            Map.entry(AccountExpiredException.class, AccountExpiredException::new),
            Map.entry(
                    AuthenticationCredentialsNotFoundException.class, AuthenticationCredentialsNotFoundException::new),
            Map.entry(AuthenticationServiceException.class, AuthenticationServiceException::new),
            Map.entry(BadCredentialsException.class, BadCredentialsException::new),
            Map.entry(CredentialsExpiredException.class, CredentialsExpiredException::new),
            Map.entry(DisabledException.class, DisabledException::new),
            Map.entry(InsufficientAuthenticationException.class, InsufficientAuthenticationException::new),
            Map.entry(InternalAuthenticationServiceException.class, InternalAuthenticationServiceException::new),
            Map.entry(LockedException.class, LockedException::new),
            Map.entry(ProviderNotFoundException.class, ProviderNotFoundException::new),
            Map.entry(SessionAuthenticationException.class, SessionAuthenticationException::new));

    private static final Map<String, Function<String, AuthenticationException>> BY_NAME = new LinkedHashMap<>();

    static {
        KNOWN.forEach((type, constructor) -> BY_NAME.put(type.getSimpleName(), constructor));
    }

    @Override
    public String tag() {
        return "login-failure";
    }

    /** Returns false for exceptions of OAuth and SAML, which have more than a message. Their own modules support them. */
    @Override
    public boolean supports(Object value) {
        String name = value.getClass().getName();
        return value instanceof AuthenticationException
                && !name.startsWith("org.springframework.security.oauth2.")
                && !name.startsWith("org.springframework.security.saml2.");
    }

    @Override
    public JsonNode write(String name, Object value, AttributeFormat all) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", nearest(value.getClass()).getSimpleName())
                .put("message", String.valueOf(((AuthenticationException) value).getMessage()));
    }

    private static Class<?> nearest(Class<?> type) {
        for (Class<?> at = type; at != AuthenticationException.class; at = at.getSuperclass()) {
            if (KNOWN.containsKey(at)) {
                return at;
            }
        }
        return AuthenticationServiceException.class;
    }

    @Override
    public Object read(JsonNode stored, AttributeFormat all) {
        return BY_NAME.getOrDefault(stored.get("type").stringValue(), AuthenticationServiceException::new)
                .apply(stored.get("message").stringValue());
    }
}
