package dev.sojourn.spring;

import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.spi.LogText;
import dev.sojourn.spring.AllowedTypes.UnknownTypeException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The format of values that Spring Security stores in sessions, such as the security context, CSRF tokens, OAuth requests and
 * clients. A value is read back unchanged, or it is rejected when it is set.
 */
final class SecurityValueFormat implements ValueFormat {
    private static final String HOME = "org.springframework.security.";

    private final JsonMapper mapper;
    /** The sets of types whose values were read back unchanged. */
    private final Set<Set<Class<?>>> verified = ConcurrentHashMap.newKeySet();

    SecurityValueFormat(ClassLoader loader, List<Class<?>> types) {
        mapper = SecurityJson.mapper(loader, types);
    }

    @Override
    public String tag() {
        return "spring-security";
    }

    @Override
    public boolean supports(Object value) {
        return value.getClass().getName().startsWith(HOME) || value instanceof SecurityContext;
    }

    @Override
    public JsonNode write(String name, Object value, AttributeFormat all) {
        Set<Class<?>> seen = new HashSet<>();
        try {
            JsonNode stored = tree(value, seen);
            if (!verified.contains(seen)) {
                if (!JsonEquality.isEqual(stored, tree(read(stored, all), new HashSet<>()))) {
                    throw new UnstorableValueException(
                            name, value, "it would be read back as another value; " + REQUIREMENTS);
                }
                verified.add(seen);
            }
            return stored;
        } catch (UnstorableValueException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnstorableValueException(name, value, reason(e));
        }
    }

    private JsonNode tree(Object value, Set<Class<?>> seen) {
        return mapper.readTree(mapper.writerFor(Object.class)
                .withAttribute(AllowedTypes.SEEN, seen)
                .writeValueAsBytes(value));
    }

    private static final String REQUIREMENTS = "list a type of the application in sojourn.attributes.types, and"
            + " make it a record or give it a constructor without arguments, or one that takes all fields by their names";

    /**
     * Returns the reason for a refusal. It contains only type names, because Jackson's messages quote values, which may be
     * secret.
     */
    private static String reason(RuntimeException problem) {
        @Nullable Throwable at = problem;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (at instanceof UnknownTypeException unknown) {
                return unlistedReason(unknown.type());
            }
            if (at instanceof InvalidTypeIdException unknown) {
                return unlistedReason(unknown.getTypeId());
            }
            at = at.getCause();
        }
        return "it cannot be written as JSON and read back ("
                + problem.getClass().getSimpleName() + "); " + REQUIREMENTS;
    }

    private static String unlistedReason(Class<?> type) {
        if (Authentication.class.isAssignableFrom(type) && type.getName().startsWith(HOME)) {
            return "it contains a " + type.getName()
                    + ", an authentication of Spring Security that lasts for one request. If each request has its own"
                    + " credentials, such as a bearer token, use no session: sessionManagement(s ->"
                    + " s.sessionCreationPolicy(SessionCreationPolicy.STATELESS)). If a login should last, store a"
                    + " UsernamePasswordAuthenticationToken with the same user and authorities instead";
        }
        return unlistedReason(type.getName());
    }

    private static String unlistedReason(String type) {
        return "it contains a " + LogText.text(type)
                + ", which is not one of the types that can be stored. If it is a class of the application, add it to"
                + " sojourn.attributes.types. If it is the type of a claim or of a user's attribute, convert the value"
                + " to a string, a number, a list or a map";
    }

    @Override
    public Object read(JsonNode stored, AttributeFormat all) {
        return mapper.readerFor(Object.class).readValue(stored);
    }
}
