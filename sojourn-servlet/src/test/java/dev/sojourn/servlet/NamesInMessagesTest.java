package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A class may have a name that rearranges a terminal: a class file allows what the language does not. */
class NamesInMessagesTest {
    /** Becomes a class whose last two letters are one invisible character. */
    static final class PlainXX {
        private final int n = 7;

        @Override
        public String toString() {
            return "" + n;
        }
    }

    /** A soft hyphen, two bytes in a class file. */
    private static final String INVISIBLE = "\u00ad";

    private static final class Loader extends ClassLoader {
        Loader() {
            super(NamesInMessagesTest.class.getClassLoader());
        }

        Class<?> define(byte[] bytes) {
            return defineClass(null, bytes, 0, bytes.length);
        }
    }

    private static Object oddlyNamed() throws Exception {
        String plain;
        try (InputStream in = Objects.requireNonNull(
                NamesInMessagesTest.class.getResourceAsStream("NamesInMessagesTest$PlainXX.class"))) {
            plain = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        String invisible = new String(INVISIBLE.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        Class<?> odd = new Loader()
                .define(plain.replace("PlainXX", "Plain" + invisible).getBytes(StandardCharsets.ISO_8859_1));
        var constructor = odd.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    @Test
    void a_refusal_shows_the_name_of_a_class_with_its_invisible_characters_escaped() throws Exception {
        Object value = oddlyNamed();

        for (AttributeFormat format :
                new AttributeFormat[] {AttributeFormat.json(), AttributeFormat.filteredJavaSerialization("com.acme.*")
                }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> format.write("it", value))
                    .withMessageContaining("Plain\\u00ad")
                    .withMessageNotContaining(INVISIBLE);
        }
    }

    @Test
    void a_refusal_names_the_property_of_spring_too() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> AttributeFormat.json(PlainXX.class, Looping.class).write("it", new Looping()))
                .withMessageContaining("AttributeFormat.filteredJavaSerialization")
                .withMessageContaining("with Spring sojourn.attributes.filtered-java-serialization");
        assertThatIllegalArgumentException()
                .isThrownBy(AttributeFormat::filteredJavaSerialization)
                .withMessageContaining("with Spring sojourn.attributes.filtered-java-serialization");
    }

    /** JSON has no end of it. */
    static final class Looping {
        private final Object self = this;

        @Override
        public String toString() {
            return self.getClass().getName();
        }
    }
}
