package dev.sojourn.spring;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Keys of maps come from outside: names of claims, of headers, of parameters. One that begins as a mark of a type does gets
 * one more sign before it, so that no key is ever read as a mark.
 */
final class EscapedKeys extends SimpleModule {
    private static final long serialVersionUID = 1L;
    private static final String MARK = "@";

    EscapedKeys() {
        addKeySerializer(String.class, new Escaping());
        addKeyDeserializer(String.class, new Unescaping());
        // What a map's keys are is not known where only its class is.
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
