package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Checks that application types are read back completely, whatever the form of their fields and constructors. */
class FinalFieldsTest {
    static final class Basket {
        private final List<String> things = new ArrayList<>();
    }

    /** A type whose constructor parameters have other names than its fields. */
    static final class Member {
        private final String name;
        private final int number;

        private Member() {
            this("", 0);
        }

        private Member(String login, int count) {
            name = Objects.requireNonNull(login);
            number = count;
        }

        static Member of(String name, int number) {
            return new Member(name, number);
        }
    }

    /** A type whose only constructor takes all fields. */
    static final class Point {
        private final int x;
        private final int y;

        Point(int x, int y) {
            this.x = x;
            this.y = y;
        }
    }

    private final AttributeFormat format = AttributeFormat.json(Basket.class, Member.class, Point.class);

    private <T> T writeAndRead(Class<T> type, T value) {
        return type.cast(format.read(format.write("it", value)));
    }

    @Test
    void the_content_of_a_final_field_is_read_back() {
        Basket basket = new Basket();
        basket.things.add("tea");

        assertThat(writeAndRead(Basket.class, basket).things).containsExactly("tea");
    }

    @Test
    void a_constructor_without_arguments_is_preferred_to_one_with_other_names() {
        Member read = writeAndRead(Member.class, Member.of("alice", 7));

        assertThat(read.name).isEqualTo("alice");
        assertThat(read.number).isEqualTo(7);
    }

    @Test
    void a_constructor_that_takes_all_fields_by_their_names_is_sufficient() {
        Point read = writeAndRead(Point.class, new Point(3, 4));

        assertThat(read.x).isEqualTo(3);
        assertThat(read.y).isEqualTo(4);
    }
}
