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
 * Types as applications write them: those that JSON gives back, those that lose something, and those that lose it only
 * with some values.
 */
@SuppressWarnings({"UnusedVariable", "unused", "ClassCanBeStatic", "EqualsGetClass", "NullAway"})
public final class ApplicationTypes {
    private ApplicationTypes() {}

    /** A record of plain components. */
    public record Point(int x, long y) {}

    /** Another record, to be kept in others. */
    public record Item(String name, int count) {}

    /** A generic record. */
    public record Pair<A, B>(A first, B second) {}

    /** A record of what is awkward inside of others. */
    public record Times(
            OffsetDateTime offset,
            ZonedDateTime zoned,
            @Nullable UUID id,
            Optional<String> maybe) {}

    /** A record whose component says nothing of what it holds. */
    public record Anything(@Nullable Object content) {}

    /** A record with an array. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Numbers(int[] all, byte[] raw) {}

    /** A record that changes what it is given. */
    public record Trimmed(String text) {
        /** Trims. */
        public Trimmed {
            text = text.strip();
        }
    }

    /** A record whose accessor tells something else than it holds. */
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

    /** A record of a list that it copies. */
    public record Copied(List<String> all) {
        /** Copies. */
        public Copied {
            all = List.copyOf(all);
        }
    }

    /** A bean. */
    public static final class Holder<T> {
        private @Nullable T content;
        private int count;

        /** An empty one. */
        public Holder() {}

        /** A full one. */
        public static <T> Holder<T> of(@Nullable T content) {
            Holder<T> holder = new Holder<>();
            holder.content = content;
            holder.count = 1;
            return holder;
        }

        /** The content. */
        public @Nullable T getContent() {
            return content;
        }

        /** Sets the content. */
        public void setContent(@Nullable T content) {
            this.content = content;
        }

        /** The count. */
        public int getCount() {
            return count;
        }

        /** Sets the count. */
        public void setCount(int count) {
            this.count = count;
        }
    }

    /** A cart as it is often written: a list behind methods that are no getters. */
    public static final class Cart {
        private final List<String> items = new ArrayList<>();

        /** Empty. */
        public Cart() {}

        /** Adds an item. */
        public Cart add(String item) {
            items.add(item);
            return this;
        }
    }

    /** Half of it has a getter. */
    public static final class HalfSeen {
        private String seen = "";
        private String hidden = "";

        /** Empty. */
        public HalfSeen() {}

        /** Fills both. */
        public static HalfSeen of(String text) {
            HalfSeen made = new HalfSeen();
            made.seen = text;
            made.hidden = text;
            return made;
        }

        /** The one. */
        public String getSeen() {
            return seen;
        }

        /** Sets the one. */
        public void setSeen(String seen) {
            this.seen = seen;
        }
    }

    /** Can be written and not be made. */
    public static final class AllArguments {
        private final String name;
        private final int age;

        /** All at once. */
        public AllArguments(String name, int age) {
            this.name = name;
            this.age = age;
        }

        /** The name. */
        public String getName() {
            return name;
        }

        /** The age. */
        public int getAge() {
            return age;
        }
    }

    /** A getter without a setter. */
    public static final class ReadOnly {
        private String name = "unnamed";

        /** Unnamed. */
        public ReadOnly() {}

        /** Named. */
        public static ReadOnly of(String name) {
            ReadOnly made = new ReadOnly();
            made.name = name;
            return made;
        }

        /** The name. */
        public String getName() {
            return name;
        }
    }

    /** Public fields. */
    public static final class Open {
        /** A text. */
        public String text = "";
        /** More of it. */
        public @Nullable List<Integer> numbers;

        /** Empty. */
        public Open() {}
    }

    /** A field under another name than its getter's. */
    public static final class Prefixed {
        private String mName = "";

        /** Empty. */
        public Prefixed() {}

        /** Named. */
        public static Prefixed of(String name) {
            Prefixed made = new Prefixed();
            made.mName = name;
            return made;
        }

        /** The name. */
        public String getName() {
            return mName;
        }

        /** Sets the name. */
        public void setName(String name) {
            mName = name;
        }
    }

    /** What is not to be kept is marked so. */
    public static final class WithTransient {
        private String kept = "";
        private transient @Nullable Thread passing;

        /** Empty. */
        public WithTransient() {}

        /** With both. */
        public static WithTransient of(String text) {
            WithTransient made = new WithTransient();
            made.kept = text;
            made.passing = Thread.currentThread();
            return made;
        }

        /** The text. */
        public String getKept() {
            return kept;
        }

        /** Sets the text. */
        public void setKept(String kept) {
            this.kept = kept;
        }
    }

    /** Equal by its id, as entities are. */
    public static final class Entity {
        private long id;
        private String name = "";

        /** Empty. */
        public Entity() {}

        /** An entity. */
        public static Entity of(long id, String name) {
            Entity made = new Entity();
            made.id = id;
            made.name = name;
            return made;
        }

        /** The id. */
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

    /** An open class. */
    public static class Animal {
        private String name = "";

        /** Unnamed. */
        public Animal() {}

        /** The name. */
        public String getName() {
            return name;
        }

        /** Sets the name. */
        public void setName(String name) {
            this.name = name;
        }
    }

    /** Has more than its superclass. */
    public static class Dog extends Animal {
        private int legs = 4;

        /** Unnamed. */
        public Dog() {}

        /** The legs. */
        public int getLegs() {
            return legs;
        }

        /** Sets the legs. */
        public void setLegs(int legs) {
            this.legs = legs;
        }
    }

    /** Hides a field of its superclass by one of its own. */
    public static final class Hiding extends Animal {
        private String name = "hiding";

        /** Of two names. */
        public Hiding() {
            super.setName("hidden");
        }
    }

    /** Belongs to an object around it. */
    public final class Inner {
        /** A text. */
        public String text = "inner";
    }

    /** Makes an inner one. */
    public static Object inner() {
        return new ApplicationTypes().new Inner();
    }

    /** Shapes without a word of which is which. */
    public sealed interface Shape permits Circle, Square {}

    /** A shape. */
    public record Circle(double radius) implements Shape {}

    /** Another shape. */
    public record Square(double side) implements Shape {}

    /** A list of one's own, with a field beside its elements. */
    public static final class Titled extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
        /** The title. */
        public String title = "titled";

        /** Empty. */
        public Titled() {}
    }

    /** A map of one's own. */
    public static final class Named extends HashMap<String, String> {
        private static final long serialVersionUID = 1L;
        /** The name. */
        public String name = "named";

        /** Empty. */
        public Named() {}
    }

    /** Points to another of its kind. */
    public static final class Node {
        /** The next. */
        public @Nullable Node next;
        /** What it holds. */
        public String text = "";

        /** Alone. */
        public Node() {}
    }

    /** A ring of two. */
    public static Node ring() {
        Node one = new Node();
        Node other = new Node();
        one.next = other;
        other.next = one;
        return one;
    }

    /** A chain. */
    public static Node chain(int length) {
        Node first = new Node();
        for (int i = 1; i < length; i++) {
            Node before = new Node();
            before.next = first;
            first = before;
        }
        return first;
    }

    /** Plain constants. */
    public enum Color {
        RED,
        GREEN
    }

    /** Labels for people; two are the same, and one is another's name. */
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

    /** Constants with bodies of their own. */
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

    /** A map whose keys are constants. */
    public record BySize(Map<Size, Integer> counts) {}
}
