package dev.sojourn.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The types with which values are set. Thread-safe. */
final class DeclaredTypes {
    private final JsonMapper mapper;
    private final Shapes shapes;
    private final Map<Class<?>, DeclaredType> byClass = new ConcurrentHashMap<>();
    private final Map<JavaType, DeclaredType> byType = new ConcurrentHashMap<>();

    DeclaredTypes(JsonMapper mapper) {
        this.mapper = mapper;
        this.shapes = new Shapes(mapper);
    }

    /** A type, its writer, and what is known of how its values read back. */
    record DeclaredType(JavaType type, ObjectWriter writer, Shape shape) {}

    /** Returns what is known of the class of a value that is set without a declared type. */
    DeclaredType of(Object value) {
        Class<?> type = value.getClass();
        DeclaredType known = byClass.get(type);
        if (known == null) {
            JavaType named = mapper.constructType(Beans.nameable(value));
            known = new DeclaredType(named, named.isFinal() ? writer(named) : mapper.writer(), shapes.ofRoot(named));
            byClass.put(type, known);
        }
        return known;
    }

    /** Returns what is known of values that are declared as a type. */
    DeclaredType of(JavaType type) {
        DeclaredType known = byType.get(type);
        if (known == null) {
            ObjectWriter writer = type.hasGenericTypes() || type.isAbstract() ? writer(type) : mapper.writer();
            known = new DeclaredType(type, writer, shapes.ofRoot(type));
            byType.put(type, known);
        }
        return known;
    }

    /** Returns a writer for the type. If there is none, writing the value reports it. */
    private ObjectWriter writer(JavaType type) {
        try {
            return mapper.writerFor(type);
        } catch (RuntimeException e) {
            return mapper.writer();
        }
    }
}
