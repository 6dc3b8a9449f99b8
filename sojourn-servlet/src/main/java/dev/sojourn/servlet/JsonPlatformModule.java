package dev.sojourn.servlet;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.io.Serial;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.jdk.MapDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.ser.Serializers;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;
import tools.jackson.databind.type.ReferenceType;

/**
 * A Jackson module that writes and reads JDK types without loss. A JDK type that is neither in a table here nor registered is
 * rejected: Jackson's JSON for it could lose something, or take a class name from stored data.
 */
final class JsonPlatformModule extends JacksonModule {
    private final JsonTypeNames names;
    private final JsonEnumTypes enumTypes;
    private final Set<Class<?>> verified;

    /**
     * Creates the module.
     *
     * @param names the types that may be stored
     * @param verified the classes of which a value has been read back
     */
    JsonPlatformModule(JsonTypeNames names, Set<Class<?>> verified) {
        this.names = names;
        this.enumTypes = new JsonEnumTypes(names);
        this.verified = verified;
    }

    @Override
    public String getModuleName() {
        return "sojourn-platform-types";
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public void setupModule(SetupContext context) {
        context.addSerializers(new Writers());
        context.addDeserializers(new Readers());
        context.addSerializerModifier(new WriterModifier());
        context.addDeserializerModifier(new ReaderModifier());
    }

    // ---- factories of maps and collections

    @SuppressWarnings("JdkObsolete") // old types are what applications hold
    private JsonMapReader.@Nullable Factory mapFactory(Class<?> type) {
        if (JsonJdkCollections.MAPS.containsKey(type)) {
            return (header, all, context) -> JsonJdkCollections.MAPS.get(type).apply(all);
        }
        if (type == EnumMap.class) {
            return (header, all, context) -> addAll(enumTypes.newMap(header.enumName()), all);
        }
        if (type == TreeMap.class) {
            return (header, all, context) -> addAll(new TreeMap<>(header.comparator()), all);
        }
        if (type == ConcurrentSkipListMap.class) {
            return (header, all, context) -> addAll(new ConcurrentSkipListMap<>(header.comparator()), all);
        }
        if (type == HashMap.class) {
            return (header, all, context) -> new HashMap<>(all);
        }
        if (type == ConcurrentHashMap.class) {
            return (header, all, context) -> new ConcurrentHashMap<>(all);
        }
        if (type == Hashtable.class) {
            return (header, all, context) -> new Hashtable<>(all);
        }
        return type == Properties.class ? (header, all, context) -> addAll(new Properties(), all) : null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // its type arguments are unknown
    private static Object addAll(Map map, Map<Object, Object> all) {
        map.putAll(all);
        return map;
    }

    private JsonCollectionReader.@Nullable Factory collectionFactory(Class<?> type) {
        if (JsonJdkCollections.COLLECTIONS.containsKey(type)) {
            return (header, all) -> JsonJdkCollections.COLLECTIONS.get(type).apply(all);
        }
        if (EnumSet.class.isAssignableFrom(type)) {
            return (header, all) -> addAll(enumTypes.newSet(header.enumName()), all);
        }
        if (type == TreeSet.class) {
            return (header, all) -> addAll(new TreeSet<>(header.comparator()), all);
        }
        if (type == ConcurrentSkipListSet.class) {
            return (header, all) -> addAll(new ConcurrentSkipListSet<>(header.comparator()), all);
        }
        if (type == PriorityQueue.class) {
            return (header, all) -> addAll(new PriorityQueue<>(header.comparator()), all);
        }
        if (type == PriorityBlockingQueue.class) {
            return (header, all) -> addAll(new PriorityBlockingQueue<>(11, header.comparator()), all);
        }
        return type == CopyOnWriteArrayList.class ? (header, all) -> new CopyOnWriteArrayList<>(all) : null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // its type arguments are unknown
    private static Object addAll(Collection collection, List<Object> all) {
        collection.addAll(all);
        return collection;
    }

    /** Returns whether a type is an unregistered JDK type that only Jackson could write. */
    private boolean isRefused(Class<?> type) {
        return JsonTypeNames.isPlatform(type)
                && !type.isInterface()
                && !type.isPrimitive()
                && !type.isArray()
                && !java.lang.reflect.Modifier.isAbstract(type.getModifiers())
                && !names.knows(type);
    }

    private static boolean isReference(Class<?> type) {
        return type == Optional.class || type == AtomicReference.class;
    }

    private final class Writers extends Serializers.Base {
        @Override
        public @Nullable ValueSerializer<?> findSerializer(
                SerializationConfig config,
                JavaType type,
                BeanDescription.Supplier description,
                JsonFormat.@Nullable Value format) {
            Class<?> raw = type.getRawClass();
            JsonScalarCodec<?> scalar = JsonScalarCodecs.of(raw);
            if (scalar != null) {
                return scalar.serializer();
            }
            if (JsonEntryCodec.handles(raw)) {
                return JsonEntryCodec.writer();
            }
            if (isRefused(raw)) {
                throw JsonTypeNames.rejection(raw);
            }
            return null;
        }

        @Override
        public @Nullable ValueSerializer<?> findReferenceSerializer(
                SerializationConfig config,
                ReferenceType type,
                BeanDescription.Supplier description,
                JsonFormat.@Nullable Value format,
                tools.jackson.databind.jsontype.@Nullable TypeSerializer contentTypes,
                @Nullable ValueSerializer<Object> content) {
            return isReference(type.getRawClass()) ? JsonReferenceCodec.writer() : null;
        }
    }

    private final class Readers extends Deserializers.Base {
        @Override
        public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
            return JsonScalarCodecs.of(type) != null || JsonEntryCodec.handles(type) || isReference(type);
        }

        @Override
        public ValueDeserializer<?> findEnumDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription.Supplier description) {
            return JsonEnumCodec.reader(type.getRawClass());
        }

        @Override
        public @Nullable ValueDeserializer<?> findBeanDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription.Supplier description) {
            Class<?> raw = type.getRawClass();
            JsonScalarCodec<?> scalar = JsonScalarCodecs.of(raw);
            if (scalar != null) {
                return scalar.deserializer();
            }
            if (JsonEntryCodec.handles(raw)) {
                return JsonEntryCodec.reader(raw);
            }
            if (isRefused(raw)) {
                throw JsonTypeNames.rejection(raw);
            }
            return null;
        }

        @Override
        public @Nullable ValueDeserializer<?> findReferenceDeserializer(
                ReferenceType type,
                DeserializationConfig config,
                BeanDescription.Supplier description,
                @Nullable TypeDeserializer contentTypes,
                @Nullable ValueDeserializer<?> content) {
            return isReference(type.getRawClass()) ? JsonReferenceCodec.reader(type) : null;
        }

        @Override
        public @Nullable ValueDeserializer<?> findCollectionDeserializer(
                CollectionType type,
                DeserializationConfig config,
                BeanDescription.Supplier description,
                @Nullable TypeDeserializer elementTypes,
                @Nullable ValueDeserializer<?> elements) {
            JsonCollectionReader.Factory factory = collectionFactory(type.getRawClass());
            return factory == null ? null : new JsonCollectionReader(type, factory);
        }

        @Override
        public @Nullable ValueDeserializer<?> findMapDeserializer(
                MapType type,
                DeserializationConfig config,
                BeanDescription.Supplier description,
                @Nullable KeyDeserializer keys,
                @Nullable TypeDeserializer valueTypes,
                @Nullable ValueDeserializer<?> values) {
            JsonMapReader.Factory factory = mapFactory(type.getRawClass());
            boolean isAny = type.isInterface() || type.isAbstract() || type.hasRawClass(LinkedHashMap.class);
            if (factory == null && isAny && !JsonMapReader.hasTextKeys(type)) {
                factory = (header, all, context) -> all;
            }
            return factory == null ? null : new JsonMapReader(type, null, factory);
        }
    }

    /** Wraps the serializers that Jackson and its other modules find, so that such a module may still provide one. */
    private final class WriterModifier extends ValueSerializerModifier {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        @SuppressWarnings("unchecked") // of the same values
        public ValueSerializer<?> modifySerializer(
                SerializationConfig config, BeanDescription.Supplier description, ValueSerializer<?> serializer) {
            Class<?> type = description.getBeanClass();
            if (JsonTypeNames.isPlatform(type) && !names.knows(type)) {
                return serializer;
            }
            if (Enum.class.isAssignableFrom(type)) {
                return JsonEnumCodec.writer();
            }
            if (JsonScalarCodecs.of(type) != null || JsonEntryCodec.handles(type) || isJsonValue(type)) {
                return serializer;
            }
            boolean hasFields = serializer.properties().hasNext();
            if (!JsonTypeNames.isPlatform(type)) {
                JsonTypeShape.requireLossless(type);
            }
            // One value with fields proves that all can be read back; strings that a type produces itself do not.
            Set<Class<?>> proven = hasFields || hasNoFields(type) ? verified : Set.of();
            return new JsonRoundTripTracker((ValueSerializer<Object>) serializer, type, proven);
        }

        @Override
        @SuppressWarnings("unchecked") // of the same values
        public ValueSerializer<?> modifyMapSerializer(
                SerializationConfig config,
                MapType type,
                BeanDescription.Supplier description,
                ValueSerializer<?> serializer) {
            checkContainer(type.getRawClass());
            return new JsonMapWriter((ValueSerializer<Object>) serializer, enumTypes);
        }

        @Override
        @SuppressWarnings("unchecked") // of the same values
        public ValueSerializer<?> modifyCollectionSerializer(
                SerializationConfig config,
                CollectionType type,
                BeanDescription.Supplier description,
                ValueSerializer<?> serializer) {
            checkContainer(type.getRawClass());
            return new JsonCollectionWriter((ValueSerializer<Object>) serializer, enumTypes);
        }

        @Override
        public ValueSerializer<?> modifyEnumSerializer(
                SerializationConfig config,
                JavaType type,
                BeanDescription.Supplier description,
                ValueSerializer<?> serializer) {
            return JsonEnumCodec.writer();
        }
    }

    private void checkContainer(Class<?> type) {
        if (isRefused(type)) {
            throw JsonTypeNames.rejection(type);
        }
        if (!JsonTypeNames.isPlatform(type)) {
            JsonTypeShape.requireLossless(type);
        }
    }

    private static boolean hasNoFields(Class<?> type) {
        return type.getDeclaredFields().length == 0 && type.getSuperclass() == Object.class;
    }

    /** Returns whether JSON itself has values of this type. */
    private static boolean isJsonValue(Class<?> type) {
        return JsonTypeNames.isPlatform(type)
                && (type.isPrimitive()
                        || type == String.class
                        || type == Boolean.class
                        || Number.class.isAssignableFrom(type));
    }

    private static final class ReaderModifier extends ValueDeserializerModifier {
        @Serial
        private static final long serialVersionUID = 1L;

        /** Reads all enums by name: Jackson would read some JDK enums by number. */
        @Override
        public ValueDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
            Class<?> type = description.getBeanClass();
            return type.isEnum() ? JsonEnumCodec.reader(type) : deserializer;
        }

        @Override
        public ValueDeserializer<?> modifyEnumDeserializer(
                DeserializationConfig config,
                JavaType type,
                BeanDescription.Supplier description,
                ValueDeserializer<?> deserializer) {
            return JsonEnumCodec.reader(type.getRawClass());
        }

        /** Reads maps of the application's classes, and plain ones. */
        @Override
        @SuppressWarnings("unchecked") // of the same values
        public ValueDeserializer<?> modifyMapDeserializer(
                DeserializationConfig config,
                MapType type,
                BeanDescription.Supplier description,
                ValueDeserializer<?> deserializer) {
            if (!(deserializer instanceof MapDeserializer maps)) {
                return deserializer;
            }
            boolean asObject = JsonMapReader.hasTextKeys(type);
            return new JsonMapReader(
                    type, asObject ? (ValueDeserializer<Object>) deserializer : null, (header, all, context) -> {
                        if (header.comparator() != null) {
                            throw JsonTypeNames.rejection(type.getRawClass());
                        }
                        return addAll((Map<?, ?>) maps.getValueInstantiator().createUsingDefault(context), all);
                    });
        }
    }
}
