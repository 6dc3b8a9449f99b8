package dev.sojourn.spring;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * A Jackson module that escapes keys of maps. Keys come from clients and providers: names of claims, headers and parameters. A
 * key that starts like a type mark gets one more {@code @}, so that no key is ever read as a type mark.
 */
final class KeyEscapingModule extends SimpleModule {
    private static final long serialVersionUID = 1L;
    private static final String MARK = "@";

    KeyEscapingModule() {
        addKeySerializer(String.class, new Escaping());
        addKeyDeserializer(String.class, new Unescaping());
        // A map whose type arguments are unknown has keys of type Object.
        addKeyDeserializer(Object.class, new Unescaping());
    }

    private static final class Escaping extends ValueSerializer<String> {
        @Override
        public void serialize(String key, JsonGenerator generator, SerializationContext context) {
            generator.writeName(key.startsWith(MARK) ? MARK + key : key);
        }
    }

    private static final class Unescaping extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            return key.startsWith(MARK) ? key.substring(MARK.length()) : key;
        }
    }
}
