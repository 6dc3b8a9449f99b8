package dev.sojourn.engine;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Prevents classes from being written or read: stored data would determine which classes are loaded. */
final class ClassJson {
    private ClassJson() {}

    static void addTo(SimpleModule module) {
        module.addSerializer(new Writer());
        module.addDeserializer(Class.class, new Reader());
    }

    private static final class Writer extends StdSerializer<Class<?>> {
        Writer() {
            super(Class.class);
        }

        @Override
        public void serialize(Class<?> value, JsonGenerator out, SerializationContext context) {
            context.reportBadDefinition(Class.class, "stored data must not name classes");
        }
    }

    @SuppressWarnings("rawtypes") // the class of Class is raw
    private static final class Reader extends StdDeserializer<Class> {
        Reader() {
            super(Class.class);
        }

        @Override
        public Class deserialize(JsonParser in, DeserializationContext context) {
            return context.reportBadDefinition(Class.class, "stored data must not name classes");
        }
    }
}
