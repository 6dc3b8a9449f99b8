package dev.sojourn.engine;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotationIntrospectorPair;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * Makes the application's mapper strict. Reading never coerces: 1.9 is not an integer, an empty text is not null, a
 * number is not a text. Writing loses nothing: dates keep their zone, enum constants use their names, a set keeps its
 * order. Stored data never names a class.
 */
final class StrictMapper {
    private StrictMapper() {}

    /**
     * Returns the strict mapper.
     *
     * @throws IllegalArgumentException if the mapper would let stored data name classes
     */
    static JsonMapper of(JsonMapper base) {
        refuseDefaultTyping(base);
        AnnotationIntrospector before = base.deserializationConfig().getAnnotationIntrospector();
        return coercions(base.rebuild())
                .annotationIntrospector(AnnotationIntrospectorPair.create(new NoClassNames(before), before))
                .addHandler(new LegacyEnumNames())
                .addModule(javaTypes())
                .disable(
                        DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
                        DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID,
                        DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
                .disable(truncations())
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(
                        EnumFeature.READ_ENUMS_USING_TO_STRING,
                        EnumFeature.WRITE_ENUMS_USING_TO_STRING,
                        EnumFeature.WRITE_ENUMS_USING_INDEX,
                        EnumFeature.WRITE_ENUM_KEYS_USING_INDEX,
                        EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                .build();
    }

    /**
     * Finds the features by name: Jackson 3.0, which Spring Boot 4.0 includes, does not have them and truncates
     * nothing.
     */
    private static DateTimeFeature[] truncations() {
        return Arrays.stream(DateTimeFeature.values())
                .filter(each -> each.name().startsWith("TRUNCATE_TO_MSECS"))
                .toArray(DateTimeFeature[]::new);
    }

    private static void refuseDefaultTyping(JsonMapper base) {
        JavaType any = base.constructType(Object.class);
        if (base.deserializationConfig().getDefaultTyper(any) != null
                || base.serializationConfig().getDefaultTyper(any) != null) {
            throw new IllegalArgumentException(
                    "the mapper of c.jsonMapper(...), with Spring of a SessionsCustomizer bean, has default typing,"
                            + " which lets stored data name the classes to create: use a mapper without it, and put"
                            + " @JsonTypeInfo(use = Id.NAME) and @JsonSubTypes on the types that must be distinguished");
        }
    }

    private static JsonMapper.Builder coercions(JsonMapper.Builder builder) {
        return builder.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .withCoercionConfigDefaults(all -> all.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert))
                .withCoercionConfig(
                        LogicalType.Enum, any -> any.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
                // Locale.ROOT and the empty reference are written as an empty text, which is a value here, not null.
                .withCoercionConfig(
                        Locale.class, any -> any.setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert))
                .withCoercionConfig(
                        URI.class, any -> any.setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert));
    }

    private static SimpleModule javaTypes() {
        SimpleModule module = new SimpleModule("sojourn");
        module.addAbstractTypeMapping(Set.class, LinkedHashSet.class);
        // Without this the mapper would create an EnumMap for a map with enum keys.
        module.addAbstractTypeMapping(Map.class, LinkedHashMap.class);
        CalendarJson.addTo(module);
        ClassJson.addTo(module);
        if (ModuleLayer.boot().findModule("java.sql").isPresent()) {
            TimestampJson.addTo(module);
        }
        return module;
    }

    /** Returns the reason if a failure was caused by a type that requests class names; the mapper wraps it. */
    static @Nullable NamesClassesException namesClasses(Throwable problem) {
        Throwable at = problem;
        for (int depth = 0; at != null && depth < 32; depth++) {
            if (at instanceof NamesClassesException found) {
                return found;
            }
            at = at.getCause();
        }
        return null;
    }

    /** Thrown when an application's type requests class names in stored data. */
    static final class NamesClassesException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NamesClassesException(Type type) {
            super("@JsonTypeInfo on " + type.getTypeName() + " lets stored data name classes:"
                    + " use = Id.NAME together with @JsonSubTypes distinguishes types without that");
        }
    }

    /** Checks the type information that another introspector has found. */
    private static final class NoClassNames extends NopAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        private final AnnotationIntrospector found;

        NoClassNames(AnnotationIntrospector found) {
            this.found = found;
        }

        @Override
        public Version version() {
            return found.version();
        }

        @Override
        public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
            JsonTypeInfo.Value info = found.findPolymorphicTypeInfo(config, annotated);
            if (info != null
                    && (info.getIdType() == JsonTypeInfo.Id.CLASS
                            || info.getIdType() == JsonTypeInfo.Id.MINIMAL_CLASS)) {
                throw new NamesClassesException(annotated.getRawType());
            }
            return null;
        }
    }
}
