package dev.sojourn.spring;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.sojourn.servlet.AttributeFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.jackson.SecurityJacksonModules;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.ConstructorDetector;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.module.SimpleModule;

/**
 * What Spring Security puts into sessions, by its own Jackson modules: the security context, saved requests, CSRF tokens, OAuth
 * requests and clients. Those modules read classes by name out of an allow-list of their own, to which the
 * application's types are added, by their fields.
 */
final class SecurityValues implements AttributeKind {
    private static final String HOME = "org.springframework.security.";

    private final JsonMapper mapper;
    /** What was read back once, so that what cannot be is refused when it is set. */
    private final Set<Set<Class<?>>> proven = ConcurrentHashMap.newKeySet();

    SecurityValues(ClassLoader loader, List<Class<?>> types) {
        BasicPolymorphicTypeValidator.Builder allowed = BasicPolymorphicTypeValidator.builder()
                // Those of List.of, Set.of, Collections.emptySet and their kin: empty or read-only, and Jackson's to
                // make.
                .allowIfSubType("java.util.ImmutableCollections$")
                .allowIfSubType("java.util.Collections$");
        types.forEach(allowed::allowIfSubType);
        JsonMapper.Builder builder = JsonMapper.builder()
                .addModules(SecurityJacksonModules.getModules(loader, allowed))
                .addModule(new TimesAsText())
                // The application's types are made as AttributeFormat.json makes them.
                .constructorDetector(ConstructorDetector.DEFAULT.withAllowImplicitWithDefaultConstructor(false))
                .enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS);
        JsonAutoDetect.Value fields = JsonAutoDetect.Value.construct(
                Visibility.ANY, Visibility.NONE, Visibility.NONE, Visibility.NONE, Visibility.ANY, Visibility.NONE);
        types.forEach(type -> builder.withConfigOverride(type, override -> override.setVisibility(fields)));
        mapper = builder.build();
    }

    /** A number would lose the last digits of an {@code Instant}. A module, since those before it say the opposite. */
    private static final class TimesAsText extends SimpleModule {
        private static final long serialVersionUID = 1L;

        @Override
        public void setupModule(SetupContext context) {
            super.setupModule(context);
            ((MapperBuilder<?, ?>) context.getOwner())
                    .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
        }
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
        try {
            JsonNode stored = mapper.readTree(mapper.writerFor(Object.class).writeValueAsBytes(value));
            Set<Class<?>> types = typesIn(value);
            if (!proven.contains(types)) {
                read(stored, all);
                proven.add(types);
            }
            return stored;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("attribute '" + name + "' of type "
                    + value.getClass().getName() + " cannot be kept in a session: " + reason(e));
        }
    }

    /** What decides whether a value can be read back; those of an application differ inside of Spring Security's own. */
    private static Set<Class<?>> typesIn(Object value) {
        Set<Class<?>> types = new HashSet<>();
        types.add(value.getClass());
        Authentication authentication = value instanceof SecurityContext context ? context.getAuthentication() : null;
        if (authentication != null) {
            add(authentication, types);
            add(authentication.getPrincipal(), types);
            add(authentication.getDetails(), types);
            authentication.getAuthorities().forEach(each -> add(each, types));
        }
        return types;
    }

    private static void add(@Nullable Object value, Set<Class<?>> types) {
        if (value != null) {
            types.add(value.getClass());
        }
    }

    /** Jackson's own messages quote what they met, which may be a secret: of those only the name of a type is told. */
    private static String reason(RuntimeException problem) {
        @Nullable Throwable at = problem;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (at instanceof InvalidTypeIdException unknown) {
                return "Spring Security's JSON does not know the type " + unknown.getTypeId()
                        + ": if it is the application's, list it in sojourn.attributes.types";
            }
            at = at.getCause();
        }
        return "Spring Security's JSON cannot write it and read it back ("
                + problem.getClass().getSimpleName() + "); a type of the application is listed in"
                + " sojourn.attributes.types, and is a record or has a constructor without arguments";
    }

    @Override
    public Object read(JsonNode stored, AttributeFormat all) {
        return mapper.readerFor(Object.class).readValue(stored);
    }
}
