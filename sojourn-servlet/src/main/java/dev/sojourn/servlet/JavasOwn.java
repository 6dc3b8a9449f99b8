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
 * How Java's own types are written and read so that they come back as they are. What is in no table here, is not registered and is
 * Java's own has no JSON: Jackson's for it may lose something, or take the name of a class from what is stored.
 */
final class JavasOwn extends JacksonModule {
    private final TypeNames names;
    private final Enums enums;
    private final Set<Class<?>> proven;

    /** The classes that were read back once. */
    JavasOwn(TypeNames names, Set<Class<?>> proven) {
        this.names = names;
        this.enums = new Enums(names);
        this.proven = proven;
    }

    @Override
    public String getModuleName() {
        return "sojourn-javas-own";
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public void setupModule(SetupContext context) {
        context.addSerializers(new Writers());
        context.addDeserializers(new Readers());
        context.addSerializerModifier(new ChangedWriters());
        context.addDeserializerModifier(new ChangedReaders());
    }

    // ---- how maps and collections are made of what was read

    @SuppressWarnings("JdkObsolete") // old types are what applications hold
    private MapReader.@Nullable Made map(Class<?> type) {
        if (HiddenTypes.MAPS.containsKey(type)) {
            return (head, all, context) -> HiddenTypes.MAPS.get(type).apply(all);
        }
        if (type == EnumMap.class) {
            return (head, all, context) -> filled(enums.mapOf(head.keys()), all);
        }
        if (type == TreeMap.class) {
            return (head, all, context) -> filled(new TreeMap<>(head.order()), all);
        }
        if (type == ConcurrentSkipListMap.class) {
            return (head, all, context) -> filled(new ConcurrentSkipListMap<>(head.order()), all);
        }
        if (type == HashMap.class) {
            return (head, all, context) -> new HashMap<>(all);
        }
        if (type == ConcurrentHashMap.class) {
            return (head, all, context) -> new ConcurrentHashMap<>(all);
        }
        if (type == Hashtable.class) {
            return (head, all, context) -> new Hashtable<>(all);
        }
        return type == Properties.class ? (head, all, context) -> filled(new Properties(), all) : null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // of whatever it held
    private static Object filled(Map map, Map<Object, Object> all) {
        map.putAll(all);
        return map;
    }

    private CollectionReader.@Nullable Made collection(Class<?> type) {
        if (HiddenTypes.COLLECTIONS.containsKey(type)) {
            return (head, all) -> HiddenTypes.COLLECTIONS.get(type).apply(all);
        }
        if (EnumSet.class.isAssignableFrom(type)) {
            return (head, all) -> filled(enums.setOf(head.keys()), all);
        }
        if (type == TreeSet.class) {
            return (head, all) -> filled(new TreeSet<>(head.order()), all);
        }
        if (type == ConcurrentSkipListSet.class) {
            return (head, all) -> filled(new ConcurrentSkipListSet<>(head.order()), all);
        }
        if (type == PriorityQueue.class) {
            return (head, all) -> filled(new PriorityQueue<>(head.order()), all);
        }
        if (type == PriorityBlockingQueue.class) {
            return (head, all) -> filled(new PriorityBlockingQueue<>(11, head.order()), all);
        }
        return type == CopyOnWriteArrayList.class ? (head, all) -> new CopyOnWriteArrayList<>(all) : null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // of whatever it held
    private static Object filled(Collection collection, List<Object> all) {
        collection.addAll(all);
        return collection;
    }

    /** Whether Jackson's own way with it would have to be trusted, although nobody registered it. */
    private boolean isRefused(Class<?> type) {
        return TypeNames.isPlatform(type)
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
            Scalar<?> scalar = Scalars.of(raw);
            if (scalar != null) {
                return scalar.serializer();
            }
            if (Entries.isOne(raw)) {
                return Entries.writer();
            }
            if (isRefused(raw)) {
                throw TypeNames.refused(raw);
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
            return isReference(type.getRawClass()) ? References.writer() : null;
        }
    }

    private final class Readers extends Deserializers.Base {
        @Override
        public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
            return Scalars.of(type) != null || Entries.isOne(type) || isReference(type);
        }

        @Override
        public ValueDeserializer<?> findEnumDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription.Supplier description) {
            return EnumNames.reader(type.getRawClass());
        }

        @Override
        public @Nullable ValueDeserializer<?> findBeanDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription.Supplier description) {
            Class<?> raw = type.getRawClass();
            Scalar<?> scalar = Scalars.of(raw);
            if (scalar != null) {
                return scalar.deserializer();
            }
            if (Entries.isOne(raw)) {
                return Entries.reader(raw);
            }
            if (isRefused(raw)) {
                throw TypeNames.refused(raw);
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
            return isReference(type.getRawClass()) ? References.reader(type) : null;
        }

        @Override
        public @Nullable ValueDeserializer<?> findCollectionDeserializer(
                CollectionType type,
                DeserializationConfig config,
                BeanDescription.Supplier description,
                @Nullable TypeDeserializer elementTypes,
                @Nullable ValueDeserializer<?> elements) {
            CollectionReader.Made made = collection(type.getRawClass());
            return made == null ? null : new CollectionReader(type, made);
        }

        @Override
        public @Nullable ValueDeserializer<?> findMapDeserializer(
                MapType type,
                DeserializationConfig config,
                BeanDescription.Supplier description,
                @Nullable KeyDeserializer keys,
                @Nullable TypeDeserializer valueTypes,
                @Nullable ValueDeserializer<?> values) {
            MapReader.Made made = map(type.getRawClass());
            boolean isAny = type.isInterface() || type.isAbstract() || type.hasRawClass(LinkedHashMap.class);
            if (made == null && isAny && !MapReader.hasKeysOfTexts(type)) {
                made = (head, all, context) -> all;
            }
            return made == null ? null : new MapReader(type, null, made);
        }
    }

    /** Not for storing itself: a module of Jackson's has to be able to claim it. */
    private final class ChangedWriters extends ValueSerializerModifier {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        @SuppressWarnings("unchecked") // of the same values
        public ValueSerializer<?> modifySerializer(
                SerializationConfig config, BeanDescription.Supplier description, ValueSerializer<?> serializer) {
            Class<?> type = description.getBeanClass();
            if (TypeNames.isPlatform(type) && !names.knows(type)) {
                return serializer;
            }
            if (Enum.class.isAssignableFrom(type)) {
                return EnumNames.writer();
            }
            if (Scalars.of(type) != null || Entries.isOne(type) || isJacksons(type)) {
                return serializer;
            }
            boolean hasFields = serializer.properties().hasNext();
            if (!TypeNames.isPlatform(type)) {
                Shape.check(type);
            }
            return new Noted((ValueSerializer<Object>) serializer, type, proven, hasFields || hasNone(type));
        }

        @Override
        @SuppressWarnings("unchecked") // of the same values
        public ValueSerializer<?> modifyMapSerializer(
                SerializationConfig config,
                MapType type,
                BeanDescription.Supplier description,
                ValueSerializer<?> serializer) {
            checkContainer(type.getRawClass());
            return new MapWriter((ValueSerializer<Object>) serializer, enums);
        }

        @Override
        @SuppressWarnings("unchecked") // of the same values
        public ValueSerializer<?> modifyCollectionSerializer(
                SerializationConfig config,
                CollectionType type,
                BeanDescription.Supplier description,
                ValueSerializer<?> serializer) {
            checkContainer(type.getRawClass());
            return new CollectionWriter((ValueSerializer<Object>) serializer, enums);
        }

        @Override
        public ValueSerializer<?> modifyEnumSerializer(
                SerializationConfig config,
                JavaType type,
                BeanDescription.Supplier description,
                ValueSerializer<?> serializer) {
            return EnumNames.writer();
        }
    }

    private void checkContainer(Class<?> type) {
        if (isRefused(type)) {
            throw TypeNames.refused(type);
        }
        if (!TypeNames.isPlatform(type)) {
            Shape.check(type);
        }
    }

    private static boolean hasNone(Class<?> type) {
        return type.getDeclaredFields().length == 0 && type.getSuperclass() == Object.class;
    }

    /** Those that JSON itself knows, whose every value is told by it. */
    private static boolean isJacksons(Class<?> type) {
        return TypeNames.isPlatform(type)
                && (type.isPrimitive()
                        || type == String.class
                        || type == Boolean.class
                        || Number.class.isAssignableFrom(type));
    }

    private static final class ChangedReaders extends ValueDeserializerModifier {
        @Serial
        private static final long serialVersionUID = 1L;

        /** Some of Java's own are read by numbers otherwise. */
        @Override
        public ValueDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
            Class<?> type = description.getBeanClass();
            return type.isEnum() ? EnumNames.reader(type) : deserializer;
        }

        @Override
        public ValueDeserializer<?> modifyEnumDeserializer(
                DeserializationConfig config,
                JavaType type,
                BeanDescription.Supplier description,
                ValueDeserializer<?> deserializer) {
            return EnumNames.reader(type.getRawClass());
        }

        /** Maps of the application's own classes, and plain ones. */
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
            boolean asObject = MapReader.hasKeysOfTexts(type);
            return new MapReader(
                    type, asObject ? (ValueDeserializer<Object>) deserializer : null, (head, all, context) -> {
                        if (head.order() != null) {
                            throw TypeNames.refused(type.getRawClass());
                        }
                        return filled((Map<?, ?>) maps.getValueInstantiator().createUsingDefault(context), all);
                    });
        }
    }
}
