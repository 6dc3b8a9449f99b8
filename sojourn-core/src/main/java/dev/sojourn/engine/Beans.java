package dev.sojourn.engine;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.introspect.AnnotatedField;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.PropertyWriter;
import tools.jackson.databind.ser.bean.BeanSerializerBase;
import tools.jackson.databind.ser.impl.UnknownSerializer;

/**
 * Inspects a class before any of its values: every non-transient field must belong to a property that is both written
 * and read back, or its content would be lost silently.
 */
final class Beans {
    private static final List<String> JACKSON = List.of("com.fasterxml.jackson.", "tools.jackson.");

    /** Annotations that select names, constructors and accessors, and do not change values. */
    private static final Set<String> HARMLESS = Set.of(
            "JsonProperty",
            "JsonCreator",
            "JsonGetter",
            "JsonSetter",
            "JsonAlias",
            "JsonAutoDetect",
            "JsonIgnore",
            "JsonIgnoreProperties",
            "JsonNaming",
            "JsonPropertyDescription",
            "JsonPropertyOrder",
            "JsonRootName",
            "JsonClassDescription");

    private final JsonMapper mapper;

    Beans(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * A property that is written and read back.
     *
     * @param writer reads its value
     * @param field the field that holds its value, or null if it is unknown or closed to reflection
     * @param type the type that it is read as
     */
    record Property(BeanPropertyWriter writer, @Nullable Field field, JavaType type) {}

    /**
     * Returns the properties that make up a class; null if they cannot be determined, so that each value has to be
     * compared.
     *
     * @throws ValueRefusal if values of this class lose data
     */
    @Nullable
    List<Property> properties(JavaType type) {
        Class<?> raw = type.getRawClass();
        refuseCode(raw);
        ValueSerializer<?> writer = mapper._serializationContext().findRootValueSerializer(type);
        ValueDeserializer<?> reader = mapper._deserializationContext().findRootValueDeserializer(type);
        if (isPlatform(raw)) {
            refuseUnknown(raw, writer, reader);
            return null;
        }
        List<PropertyWriter> written = writtenProperties(writer);
        if (written == null || !(reader instanceof BeanDeserializerBase made) || isShaped(raw)) {
            return null;
        }
        refuseUnmakeable(raw, made.getValueInstantiator());
        return covering(raw, written, made);
    }

    /** Returns the properties that are written; null if the class is written in a different way. */
    private static @Nullable List<PropertyWriter> writtenProperties(ValueSerializer<?> writer) {
        if (writer instanceof UnknownSerializer) {
            return List.of();
        }
        if (!(writer instanceof BeanSerializerBase bean) || bean.usesObjectId() || bean.getFilterId() != null) {
            return null;
        }
        List<PropertyWriter> all = new ArrayList<>();
        bean.properties().forEachRemaining(all::add);
        return all;
    }

    private static void refuseCode(Class<?> raw) {
        if (raw.isHidden() || raw.isSynthetic()) {
            throw new ValueRefusal("it is code (a lambda or a method reference), not data: keep the data that it uses");
        }
        if (Proxy.isProxyClass(raw)) {
            throw new ValueRefusal("it is a proxy: keep the object behind it");
        }
        if (raw == Class.class) {
            throw new ValueRefusal("stored data must not name classes: keep a name of your own for it");
        }
    }

    private static void refuseUnknown(Class<?> raw, ValueSerializer<?> writer, ValueDeserializer<?> reader) {
        boolean known = !(writer instanceof BeanSerializerBase)
                && !(reader instanceof BeanDeserializerBase)
                && !(writer instanceof UnknownSerializer);
        if (!known) {
            throw new ValueRefusal("JSON cannot represent " + raw.getTypeName()
                    + ": keep its content instead, such as a text, a number or a time");
        }
    }

    private static void refuseUnmakeable(Class<?> raw, ValueInstantiator maker) {
        if (maker.canCreateUsingDefault() || maker.canCreateFromObjectWith() || maker.canCreateUsingDelegate()) {
            return;
        }
        boolean inner = raw.getEnclosingClass() != null && !Modifier.isStatic(raw.getModifiers());
        throw new ValueRefusal(
                inner
                        ? raw.getTypeName()
                                + " belongs to an enclosing object, which is not stored: make the class static"
                        : raw.getTypeName()
                                + " cannot be created from JSON: make it a record, or give it a constructor without"
                                + " arguments or one with @JsonCreator");
    }

    private static @Nullable List<Property> covering(
            Class<?> raw, List<PropertyWriter> properties, BeanDeserializerBase made) {
        Map<String, SettableBeanProperty> read = new HashMap<>();
        made.properties().forEachRemaining(property -> read.put(property.getName(), property));
        made.creatorProperties().forEachRemaining(property -> read.put(property.getName(), property));
        List<Property> both = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int elsewhere = 0;
        List<Field> all = fields(raw);
        for (PropertyWriter each : properties) {
            if (!(each instanceof BeanPropertyWriter written)) {
                return null;
            }
            SettableBeanProperty property = read.get(written.getName());
            if (property == null) {
                continue;
            }
            Set<String> mine = Set.copyOf(names(written, property));
            List<Field> own =
                    all.stream().filter(field -> mine.contains(field.getName())).toList();
            both.add(new Property(written, own.size() == 1 ? accessible(own.get(0)) : null, property.getType()));
            if (own.isEmpty()) {
                elsewhere++;
            }
            names.addAll(mine);
        }
        List<Field> lost = new ArrayList<>();
        for (Field field : all) {
            // No property can reach the second of two fields of the same name.
            if (!names.remove(field.getName())) {
                lost.add(field);
            }
        }
        if (lost.isEmpty()) {
            return both;
        }
        if (lost.size() <= elsewhere) {
            return null;
        }
        throw loses(raw, lost.get(0), properties);
    }

    private static @Nullable Field accessible(Field field) {
        try {
            field.setAccessible(true);
            return field;
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static List<String> names(BeanPropertyWriter written, SettableBeanProperty read) {
        return Stream.of(written.getName(), implicit(written.getMember()), implicit(read.getMember()))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** Returns the name of the field that a getter or setter belongs to by naming convention. */
    private static String implicit(@Nullable AnnotatedMember member) {
        if (member == null) {
            return "";
        }
        String name = member.getName();
        if (member instanceof AnnotatedField) {
            return name;
        }
        for (String prefix : List.of("get", "set", "is")) {
            if (name.startsWith(prefix) && name.length() > prefix.length()) {
                return Character.toLowerCase(name.charAt(prefix.length())) + name.substring(prefix.length() + 1);
            }
        }
        return name;
    }

    private static ValueRefusal loses(Class<?> raw, Field field, List<PropertyWriter> properties) {
        boolean written = properties.stream().anyMatch(each -> each.getName().equals(field.getName()));
        String owner = field.getDeclaringClass() == raw
                ? ""
                : " of " + field.getDeclaringClass().getTypeName();
        if (isPlatform(field.getDeclaringClass())) {
            return new ValueRefusal(
                    raw.getTypeName() + " extends " + field.getDeclaringClass().getTypeName()
                            + ", whose state is not stored: keep a class or record of your own");
        }
        return new ValueRefusal(
                raw.getTypeName() + " would lose its field '" + field.getName() + "'" + owner + ", which is "
                        + (written ? "written but not read back" : "not written")
                        + ": give it a getter and a setter, make the class a record, or mark the field transient if it need not"
                        + " be kept");
    }

    /**
     * Returns whether annotations determine how it is written or read, so that only its values can show what is lost.
     */
    private static boolean isShaped(Class<?> raw) {
        for (Class<?> type = raw; type != null && !isPlatform(type); type = type.getSuperclass()) {
            boolean shaped = Stream.<AnnotatedElement[]>of(
                            new AnnotatedElement[] {type},
                            type.getDeclaredFields(),
                            type.getDeclaredMethods(),
                            type.getDeclaredConstructors(),
                            type.getInterfaces())
                    .flatMap(Arrays::stream)
                    .flatMap(element -> Arrays.stream(element.getAnnotations()))
                    .map(annotation -> annotation.annotationType())
                    .anyMatch(Beans::shapes);
            if (shaped) {
                return true;
            }
        }
        return false;
    }

    private static boolean shapes(Class<?> annotation) {
        return JACKSON.stream().anyMatch(annotation.getName()::startsWith)
                && !HARMLESS.contains(annotation.getSimpleName());
    }

    /** Returns the fields that make up the state of an object, those of its own class first. */
    static List<Field> fields(Class<?> raw) {
        List<Field> all = new ArrayList<>();
        for (Class<?> type = raw; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                    all.add(field);
                }
            }
        }
        return all;
    }

    /** Returns whether a class belongs to the JDK. */
    static boolean isPlatform(Class<?> type) {
        String module = type.getModule().getName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    /**
     * Returns the type that an application reads such a value as: one that it can name, not a hidden class of the JDK.
     */
    static Class<?> nameable(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.getDeclaringClass();
        }
        if (value instanceof JsonNode) {
            return JsonNode.class;
        }
        Class<?> type = value.getClass();
        if (!isPlatform(type) || isOpen(type) || type.isArray()) {
            return type;
        }
        List<Class<?>> kinds =
                new ArrayList<>(List.of(SortedSet.class, SortedMap.class, List.class, Set.class, Map.class));
        Class<?> above = type.getSuperclass();
        while (above != null && !isOpen(above)) {
            above = above.getSuperclass();
        }
        boolean plain =
                above == null || above == Object.class || above.getSimpleName().startsWith("Abstract");
        if (!plain) {
            return above;
        }
        kinds.add(Collection.class);
        kinds.addAll(List.of(type.getInterfaces()));
        return kinds.stream().filter(kind -> kind.isInstance(value)).findFirst().orElse(type);
    }

    private static boolean isOpen(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && type.getModule().isExported(type.getPackageName());
    }
}
