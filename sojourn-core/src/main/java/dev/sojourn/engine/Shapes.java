package dev.sojourn.engine;

import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.WeakHashMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Determines the shapes of types, once for each type. Thread-safe. */
final class Shapes {
    private final JsonMapper mapper;
    private final Beans beans;
    private final Shape natural;
    private final Map<JavaType, Shape> known = new ConcurrentHashMap<>();

    Shapes(JsonMapper mapper) {
        this.mapper = mapper;
        this.beans = new Beans(mapper);
        this.natural = NaturalShape.of(mapper, this::refuseHopeless);
    }

    /** Returns the shape of a whole value, whose type must be readable. */
    Shape ofRoot(JavaType type) {
        Shape shape = of(type);
        try {
            mapper._deserializationContext().findRootValueDeserializer(type);
            return shape;
        } catch (RuntimeException e) {
            return shape instanceof Refused ? shape : Shape.UNKNOWN;
        }
    }

    Shape of(JavaType type) {
        Shape shape = known.get(type);
        if (shape == null) {
            shape = find(type);
            known.put(type, shape);
        }
        return shape;
    }

    /** Rejects a value of a class that never reads back, whatever its declared type, before it is written. */
    private void refuseHopeless(Object value) {
        if (of(mapper.constructType(Beans.nameable(value))) instanceof Refused refused) {
            throw refused.refusal();
        }
    }

    /** No value of this type reads back. */
    private record Refused(String reason) implements Shape {
        @Override
        public boolean survives(@Nullable Object value, ValueInspection inspection) {
            if (value == null) {
                return true;
            }
            throw refusal();
        }

        ValueRefusal refusal() {
            return new ValueRefusal(reason);
        }
    }

    /** The shape of a part, determined when it is needed: a class may contain its own type. */
    private final class Later implements Shape {
        private final JavaType type;
        private volatile @Nullable Shape found;

        Later(JavaType type) {
            this.type = type;
        }

        @Override
        public boolean survives(@Nullable Object value, ValueInspection inspection) {
            Shape shape = found;
            if (shape == null) {
                shape = of(type);
                found = shape;
            }
            return shape.survives(value, inspection);
        }
    }

    private Shape find(JavaType type) {
        if (mapper.serializationConfig().hasMixIns()) {
            return Shape.UNKNOWN;
        }
        Class<?> raw = boxed(type.getRawClass());
        if (JsonNode.class.isAssignableFrom(raw)) {
            return (value, inspection) -> true;
        }
        Shape leaf = LeafShape.of(raw, mapper);
        if (leaf != null) {
            return leaf;
        }
        if (raw == Object.class) {
            return natural;
        }
        try {
            if (type.isArrayType()) {
                return new ContainerShape.Items(raw, part(type.getContentType()));
            }
            if (type.isContainerType()) {
                return container(type);
            }
            return plain(type);
        } catch (ValueRefusal e) {
            return new Refused(e.reason());
        } catch (RuntimeException e) {
            return causedByNames(e);
        }
    }

    /** The mapper cannot write or read the type: then writing or reading reports the reason. */
    private static Shape causedByNames(RuntimeException problem) {
        StrictMapper.NamesClassesException names = StrictMapper.namesClasses(problem);
        return names == null ? Shape.UNKNOWN : new Refused(String.valueOf(names.getMessage()));
    }

    private Shape container(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (IdentityHashMap.class.isAssignableFrom(raw) || WeakHashMap.class.isAssignableFrom(raw)) {
            throw new ValueRefusal("a " + raw.getTypeName()
                    + " finds its keys by identity, which stored keys do not have: keep another kind of map");
        }
        if ((EnumSet.class.isAssignableFrom(raw) && type.getContentType().getRawClass() == Object.class)
                || (EnumMap.class.isAssignableFrom(raw) && type.getKeyType().getRawClass() == Object.class)) {
            throw new ValueRefusal(
                    "a " + raw.getTypeName() + " can be read back only if its enum is declared: set it with a key,"
                            + " Key.of(name, new TypeReference<" + raw.getSimpleName()
                            + "<...>>() {}), or keep it in a record");
        }
        String writer = mapper._serializationContext()
                .findRootValueSerializer(type)
                .getClass()
                .getName();
        boolean ours = raw.getName().startsWith("java.util.") && writer.startsWith("tools.jackson.databind.");
        if (!ours || BlockingQueue.class.isAssignableFrom(raw) || Properties.class.isAssignableFrom(raw)) {
            return Shape.UNKNOWN;
        }
        Object empty = mapper.readValue(type.isMapLikeType() ? "{}" : "[]", type);
        Shape content = part(type.getContentType());
        if (!type.isMapLikeType()) {
            return new ContainerShape.Elements(empty.getClass(), content);
        }
        JavaType key = type.getKeyType();
        return new ContainerShape.Entries(
                empty.getClass(),
                LeafShape.key(key.getRawClass() == Object.class ? String.class : key.getRawClass(), mapper),
                content);
    }

    private Shape plain(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (raw.isInterface() || Modifier.isAbstract(raw.getModifiers())) {
            return Beans.isPlatform(raw) ? Shape.UNKNOWN : this::open;
        }
        List<Beans.Property> properties = beans.properties(type);
        if (properties == null) {
            return Shape.UNKNOWN;
        }
        List<BeanShape.Part> parts = new ArrayList<>();
        for (Beans.Property each : properties) {
            if (!alwaysSurvives(each)) {
                parts.add(new BeanShape.Part(each.writer(), part(each.type())));
            }
        }
        return new BeanShape(raw, GetterCheck.of(properties), properties.size(), parts);
    }

    /** Returns the shape of a part: at once if its type has no parts of its own, otherwise later. */
    private Shape part(JavaType type) {
        Class<?> raw = boxed(type.getRawClass());
        if (raw == Object.class) {
            return natural;
        }
        Shape leaf = LeafShape.of(raw, mapper);
        return leaf == null ? new Later(type) : leaf;
    }

    /**
     * Returns whether a property always survives: a text or a number has exactly the declared class and needs no
     * inspection.
     */
    private boolean alwaysSurvives(Beans.Property property) {
        Class<?> raw = boxed(property.type().getRawClass());
        return Modifier.isFinal(raw.getModifiers())
                && !property.writer().willSuppressNulls()
                && LeafShape.of(raw, mapper) instanceof LeafShape.Exact;
    }

    private boolean open(@Nullable Object value, ValueInspection inspection) {
        if (value == null) {
            return true;
        }
        refuseHopeless(value);
        return false;
    }

    private static Class<?> boxed(Class<?> raw) {
        return raw.isPrimitive() ? MethodType.methodType(raw).wrap().returnType() : raw;
    }
}
