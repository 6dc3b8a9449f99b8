package dev.sojourn.tools.values;

import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Types as applications write them: types that JSON preserves, types that lose something in JSON, and types that lose
 * something only for some values.
 */
@SuppressWarnings({"UnusedVariable", "unused", "ClassCanBeStatic", "EqualsGetClass", "NullAway"})
public final class ApplicationTypes {
    private ApplicationTypes() {}

    /** A record of plain components. */
    public record Point(int x, long y) {}

    /** A record for use in other types. */
    public record Item(String name, int count) {}

    /** A generic record. */
    public record Pair<A, B>(A first, B second) {}

    /** A record of components that are difficult when nested. */
    public record Times(
            OffsetDateTime offset,
            ZonedDateTime zoned,
            @Nullable UUID id,
            Optional<String> maybe) {}

    /** A record whose component does not declare the type of its value. */
    public record Anything(@Nullable Object content) {}

    /** A record with an array. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Numbers(int[] all, byte[] raw) {}

    /** A record that changes its argument. */
    public record Trimmed(String text) {
        /** Creates it with the text stripped. */
        public Trimmed {
            text = text.strip();
        }
    }

    /** A record whose accessor returns another value than the component. */
    public record Shouting(String text) {
        @Override
        public String text() {
            return text + "!";
        }
    }

    /** A record whose accessor hides some values. */
    public record Masked(String text) {
        @Override
        public String text() {
            return text.startsWith("secret") ? "***" : text;
        }
    }

    /** A record that copies its list. */
    public record Copied(List<String> all) {
        /** Creates it with a copy of the list. */
        public Copied {
            all = List.copyOf(all);
        }
    }

    /** A bean. */
    public static final class Holder<T> {
        private @Nullable T content;
        private int count;

        /** Creates an empty holder. */
        public Holder() {}

        /** Creates a holder with content. */
        public static <T> Holder<T> of(@Nullable T content) {
            Holder<T> holder = new Holder<>();
            holder.content = content;
            holder.count = 1;
            return holder;
        }

        /** Returns the content. */
        public @Nullable T getContent() {
            return content;
        }

        /** Sets the content. */
        public void setContent(@Nullable T content) {
            this.content = content;
        }

        /** Returns the count. */
        public int getCount() {
            return count;
        }

        /** Sets the count. */
        public void setCount(int count) {
            this.count = count;
        }
    }

    /** A cart as it is often written: a list without a getter. */
    public static final class Cart {
        private final List<String> items = new ArrayList<>();

        /** Creates it empty. */
        public Cart() {}

        /** Adds an item. */
        public Cart add(String item) {
            items.add(item);
            return this;
        }
    }

    /** A bean with a getter for one of its two fields. */
    public static final class HalfSeen {
        private String seen = "";
        private String hidden = "";

        /** Creates it empty. */
        public HalfSeen() {}

        /** Creates a bean with both fields set. */
        public static HalfSeen of(String text) {
            HalfSeen created = new HalfSeen();
            created.seen = text;
            created.hidden = text;
            return created;
        }

        /** Returns the visible field. */
        public String getSeen() {
            return seen;
        }

        /** Sets the visible field. */
        public void setSeen(String seen) {
            this.seen = seen;
        }
    }

    /** A type that can be written but not created from JSON. */
    public static final class AllArguments {
        private final String name;
        private final int age;

        /** Creates it with both fields. */
        public AllArguments(String name, int age) {
            this.name = name;
            this.age = age;
        }

        /** Returns the name. */
        public String getName() {
            return name;
        }

        /** Returns the age. */
        public int getAge() {
            return age;
        }
    }

    /** A type with a getter but no setter. */
    public static final class ReadOnly {
        private String name = "unnamed";

        /** Creates it with the default name. */
        public ReadOnly() {}

        /** Creates it with a name. */
        public static ReadOnly of(String name) {
            ReadOnly created = new ReadOnly();
            created.name = name;
            return created;
        }

        /** Returns the name. */
        public String getName() {
            return name;
        }
    }

    /** A type with public fields. */
    public static final class Open {
        /** A text. */
        public String text = "";
        /** Some numbers. */
        public @Nullable List<Integer> numbers;

        /** Creates it empty. */
        public Open() {}
    }

    /** A type whose field has another name than its getter. */
    public static final class Prefixed {
        private String mName = "";

        /** Creates it empty. */
        public Prefixed() {}

        /** Creates it with a name. */
        public static Prefixed of(String name) {
            Prefixed created = new Prefixed();
            created.mName = name;
            return created;
        }

        /** Returns the name. */
        public String getName() {
            return mName;
        }

        /** Sets the name. */
        public void setName(String name) {
            mName = name;
        }
    }

    /** A type with a transient field. */
    public static final class WithTransient {
        private String kept = "";
        private transient @Nullable Thread passing;

        /** Creates it empty. */
        public WithTransient() {}

        /** Creates it with both fields set. */
        public static WithTransient of(String text) {
            WithTransient created = new WithTransient();
            created.kept = text;
            created.passing = Thread.currentThread();
            return created;
        }

        /** Returns the text. */
        public String getKept() {
            return kept;
        }

        /** Sets the text. */
        public void setKept(String kept) {
            this.kept = kept;
        }
    }

    /** An entity: two are equal if their ids are. */
    public static final class Entity {
        private long id;
        private String name = "";

        /** Creates it empty. */
        public Entity() {}

        /** Creates an entity. */
        public static Entity of(long id, String name) {
            Entity created = new Entity();
            created.id = id;
            created.name = name;
            return created;
        }

        /** Returns the id. */
        public long getId() {
            return id;
        }

        /** Sets the id. */
        public void setId(long id) {
            this.id = id;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Entity entity && entity.id == id;
        }

        @Override
        public int hashCode() {
            return Objects.hash(id);
        }
    }

    /** A class that is not final. */
    public static class Animal {
        private String name = "";

        /** Creates it with the default name. */
        public Animal() {}

        /** Returns the name. */
        public String getName() {
            return name;
        }

        /** Sets the name. */
        public void setName(String name) {
            this.name = name;
        }
    }

    /** A subclass with another field. */
    public static class Dog extends Animal {
        private int legs = 4;

        /** Creates it with the default name. */
        public Dog() {}

        /** Returns the number of legs. */
        public int getLegs() {
            return legs;
        }

        /** Sets the number of legs. */
        public void setLegs(int legs) {
            this.legs = legs;
        }
    }

    /** A subclass with a field of the same name as one of its superclass. */
    public static final class Hiding extends Animal {
        private String name = "hiding";

        /** Creates it with two different names. */
        public Hiding() {
            super.setName("hidden");
        }
    }

    /** A class with an enclosing instance. */
    public final class Inner {
        /** A text. */
        public String text = "inner";
    }

    /** Creates an instance of the inner class. */
    public static Object inner() {
        return new ApplicationTypes().new Inner();
    }

    /** A sealed interface without type information for JSON. */
    public sealed interface Shape permits Circle, Square {}

    /** A shape. */
    public record Circle(double radius) implements Shape {}

    /** Another shape. */
    public record Square(double side) implements Shape {}

    /** A subclass of a list, with a field in addition to the elements. */
    public static final class Titled extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
        /** The title. */
        public String title = "titled";

        /** Creates it empty. */
        public Titled() {}
    }

    /** A subclass of a map, with a field in addition to the entries. */
    public static final class Named extends HashMap<String, String> {
        private static final long serialVersionUID = 1L;
        /** Returns the name. */
        public String name = "named";

        /** Creates it empty. */
        public Named() {}
    }

    /** A node of a linked list. */
    public static final class Node {
        /** The next node. */
        public @Nullable Node next;
        /** The content. */
        public String text = "";

        /** Creates a node without a next one. */
        public Node() {}
    }

    /** Creates a ring of two nodes. */
    public static Node ring() {
        Node one = new Node();
        Node other = new Node();
        one.next = other;
        other.next = one;
        return one;
    }

    /** Creates a chain. */
    public static Node chain(int length) {
        Node first = new Node();
        for (int i = 1; i < length; i++) {
            Node before = new Node();
            before.next = first;
            first = before;
        }
        return first;
    }

    /** An enum with plain constants. */
    public enum Color {
        RED,
        GREEN
    }

    /** An enum whose {@code toString} returns labels: two are the same, one is the name of another constant, one is null. */
    public enum Size {
        SMALL("Small"),
        MEDIUM("Small"),
        LARGE("SMALL"),
        NONE(null);

        private final @Nullable String label;

        Size(@Nullable String label) {
            this.label = label;
        }

        @Override
        public @Nullable String toString() {
            return label;
        }
    }

    /** An enum whose constants have bodies. */
    public enum Operation {
        PLUS {
            @Override
            int apply(int a, int b) {
                return a + b;
            }
        },
        TIMES {
            @Override
            int apply(int a, int b) {
                return a * b;
            }
        };

        abstract int apply(int a, int b);
    }

    /** A map whose keys are records. */
    public record ByPoint(Map<Point, String> names) {}

    /** A map whose keys are enum constants. */
    public record BySize(Map<Size, Integer> counts) {}
}
