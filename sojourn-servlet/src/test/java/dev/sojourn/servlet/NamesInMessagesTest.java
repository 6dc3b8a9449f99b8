package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Checks messages for class names with invisible characters, which a class file allows and the Java language does not. */
class NamesInMessagesTest {
    /** The template of a class whose last two letters are replaced with one invisible character. */
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

    private static Object instanceWithInvisibleName() throws Exception {
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
    void a_rejection_escapes_invisible_characters_in_the_class_name() throws Exception {
        Object value = instanceWithInvisibleName();

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
    void a_rejection_also_names_the_spring_property() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> AttributeFormat.json(PlainXX.class, Looping.class).write("it", new Looping()))
                .withMessageContaining("AttributeFormat.filteredJavaSerialization")
                .withMessageContaining("with Spring sojourn.attributes.filtered-java-serialization");
        assertThatIllegalArgumentException()
                .isThrownBy(AttributeFormat::filteredJavaSerialization)
                .withMessageContaining("with Spring sojourn.attributes.filtered-java-serialization");
    }

    /** A type whose JSON would be infinite. */
    static final class Looping {
        private final Object self = this;

        @Override
        public String toString() {
            return self.getClass().getName();
        }
    }
}
