package dev.sojourn.spring;

import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.spi.LogText;
import dev.sojourn.spring.ClosedTypes.UnknownTypeException;
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
 * What Spring Security puts into sessions: the security context, CSRF tokens, OAuth requests and clients, and what else it
 * has. What was put in is what comes back, or it is refused when it is set.
 */
final class SecurityValues implements AttributeKind {
    private static final String HOME = "org.springframework.security.";

    private final JsonMapper mapper;
    /** What came back as it was, told by all the types that it consists of. */
    private final Set<Set<Class<?>>> proven = ConcurrentHashMap.newKeySet();

    SecurityValues(ClassLoader loader, List<Class<?>> types) {
        mapper = SecurityJson.mapper(loader, types);
    }

    @Override
    public String tag() {
        return "spring-security";
    }

    @Override
    public boolean takes(Object value) {
        return value.getClass().getName().startsWith(HOME) || value instanceof SecurityContext;
    }

    @Override
    public JsonNode write(String name, Object value, AttributeFormat all) {
        Set<Class<?>> met = new HashSet<>();
        try {
            JsonNode stored = tree(value, met);
            if (!proven.contains(met)) {
                if (!SameJson.same(stored, tree(read(stored, all), new HashSet<>()))) {
                    throw new UnstorableValueException(
                            name, value, "it would come back as something else; " + OF_THE_APPLICATION);
                }
                proven.add(met);
            }
            return stored;
        } catch (UnstorableValueException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnstorableValueException(name, value, reason(e));
        }
    }

    private JsonNode tree(Object value, Set<Class<?>> met) {
        return mapper.readTree(mapper.writerFor(Object.class)
                .withAttribute(ClosedTypes.MET, met)
                .writeValueAsBytes(value));
    }

    private static final String OF_THE_APPLICATION = "a type of the application is listed in sojourn.attributes.types,"
            + " and is a record or has a constructor without arguments, or one that takes all fields by their names";

    /** Jackson's own messages quote what they met, which may be a secret: of those only the name of a type is told. */
    private static String reason(RuntimeException problem) {
        @Nullable Throwable at = problem;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (at instanceof UnknownTypeException unknown) {
                return unlisted(unknown.type());
            }
            if (at instanceof InvalidTypeIdException unknown) {
                return unlisted(unknown.getTypeId());
            }
            at = at.getCause();
        }
        return "it cannot be written as JSON and read again ("
                + problem.getClass().getSimpleName() + "); " + OF_THE_APPLICATION;
    }

    private static String unlisted(Class<?> type) {
        if (Authentication.class.isAssignableFrom(type) && type.getName().startsWith(HOME)) {
            return "it holds a " + type.getName()
                    + ", an authentication of Spring Security that is made for one request. If each request has its own"
                    + " credentials, such as a bearer token, use no session: sessionManagement(s ->"
                    + " s.sessionCreationPolicy(SessionCreationPolicy.STATELESS)). If a login should last, store a"
                    + " UsernamePasswordAuthenticationToken with the same user and authorities instead";
        }
        return unlisted(type.getName());
    }

    private static String unlisted(String type) {
        return "it holds a " + LogText.text(type)
                + ", which is not one of the types that can be stored. If it is a class of the application, add it to"
                + " sojourn.attributes.types. If it is the type of a claim or of a user's attribute, convert the value"
                + " to a string, a number, a list or a map";
    }

    @Override
    public Object read(JsonNode stored, AttributeFormat all) {
        return mapper.readerFor(Object.class).readValue(stored);
    }
}
