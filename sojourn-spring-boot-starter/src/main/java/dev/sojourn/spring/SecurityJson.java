package dev.sojourn.spring;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.springframework.security.jackson.SecurityJacksonModules;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.cfg.ConstructorDetector;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.module.SimpleModule;

/**
 * Creates the JSON mapper for values that Spring Security stores in sessions, from its Jackson modules and the types that they
 * lack.
 */
final class SecurityJson {
    /** The types of claims, attributes and principals. */
    private static final List<Class<?>> VALUES = List.of(
            String.class,
            Boolean.class,
            Integer.class,
            Long.class,
            Short.class,
            Byte.class,
            Float.class,
            Double.class,
            Character.class,
            BigDecimal.class,
            BigInteger.class,
            URL.class,
            URI.class,
            UUID.class,
            Locale.class,
            Instant.class,
            Date.class,
            Duration.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            byte[].class,
            String[].class,
            Object[].class,
            TreeSet.class,
            X500Principal.class,
            X509Certificate.class);

    private SecurityJson() {}

    /**
     * Returns a new mapper.
     *
     * @param loader the class loader of Spring Security's modules
     * @param types the application's types
     */
    static JsonMapper mapper(ClassLoader loader, List<Class<?>> types) {
        TypeCollector collector = new TypeCollector(loader);
        List<JacksonModule> springs = SecurityJacksonModules.getModules(loader, collector);
        Set<Class<?>> known = new LinkedHashSet<>(collector.types);
        known.addAll(VALUES);
        List<SecurityTypes> more = SecurityTypes.present(loader);
        more.forEach(each -> {
            known.addAll(each.mixIns().keySet());
            known.addAll(each.types());
        });
        known.addAll(types);
        AllowedTypes closed = new AllowedTypes(known);

        JsonMapper.Builder builder = JsonMapper.builder()
                .addModules(springs)
                .addModule(new KeyEscapingModule())
                .addModule(new OverridingModule(more, closed, types))
                // The application's types are created as by AttributeFormat.json.
                .constructorDetector(ConstructorDetector.DEFAULT.withAllowImplicitWithDefaultConstructor(false))
                .enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
                .polymorphicTypeValidator(closed.validator());
        // A JSON tree would keep a number as it was parsed, not as it was written.
        JsonFormat.Value text = JsonFormat.Value.forShape(JsonFormat.Shape.STRING);
        Stream.of(BigDecimal.class, BigInteger.class)
                .forEach(type -> builder.withConfigOverride(type, override -> override.setFormat(text)));
        JsonAutoDetect.Value fields = JsonAutoDetect.Value.construct(
                Visibility.ANY, Visibility.NONE, Visibility.NONE, Visibility.NONE, Visibility.ANY, Visibility.NONE);
        types.forEach(type -> builder.withConfigOverride(type, override -> override.setVisibility(fields)));
        return builder.build();
    }

    /** Collects the types that Spring Security's modules allow. The validator that they would build allows subclasses too. */
    private static final class TypeCollector extends BasicPolymorphicTypeValidator.Builder {
        private final ClassLoader loader;
        private final Set<Class<?>> types = new LinkedHashSet<>();

        TypeCollector(ClassLoader loader) {
            this.loader = loader;
        }

        @Override
        public TypeCollector allowIfSubType(Class<?> type) {
            types.add(type);
            return this;
        }

        /** Adds a class. To Jackson the name is a prefix, but Spring Security's modules name whole classes. */
        @Override
        public TypeCollector allowIfSubType(String name) {
            if (ClassUtils.isPresent(name, loader)) {
                types.add(ClassUtils.resolveClassName(name, loader));
            }
            return this;
        }
    }

    /** The last module, because it overrides settings of Spring Security's modules. */
    private static final class OverridingModule extends SimpleModule {
        private static final long serialVersionUID = 1L;

        private final transient List<SecurityTypes> more;
        private final transient AllowedTypes closed;
        private final transient List<Class<?>> types;

        OverridingModule(List<SecurityTypes> more, AllowedTypes closed, List<Class<?>> types) {
            this.more = more;
            this.closed = closed;
            this.types = types;
        }

        @Override
        public void setupModule(SetupContext context) {
            super.setupModule(context);
            more.forEach(each -> each.mixIns().forEach(context::setMixIn));
            types.stream()
                    .filter(OverridingModule::extendsSprings)
                    .forEach(each -> context.setMixIn(each, OwnFields.class));
            ((MapperBuilder<?, ?>) context.getOwner())
                    // A number would lose the last digits of an Instant.
                    .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                    .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                    .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                    .setDefaultTyping(closed.typing());
        }

        private static boolean extendsSprings(Class<?> type) {
            Class<?> above = type.getSuperclass();
            return above != null && above.getName().startsWith("org.springframework.security.");
        }
    }

    /** A mix-in for classes that extend one of Spring Security's, which would be read as the superclass without it. */
    @JsonByFields
    @JsonDeserialize(using = ValueDeserializer.None.class)
    abstract static class OwnFields {}
}
