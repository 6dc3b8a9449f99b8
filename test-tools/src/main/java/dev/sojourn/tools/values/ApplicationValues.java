package dev.sojourn.tools.values;

import dev.sojourn.tools.values.ApplicationTypes.AllArguments;
import dev.sojourn.tools.values.ApplicationTypes.Animal;
import dev.sojourn.tools.values.ApplicationTypes.Anything;
import dev.sojourn.tools.values.ApplicationTypes.ByPoint;
import dev.sojourn.tools.values.ApplicationTypes.BySize;
import dev.sojourn.tools.values.ApplicationTypes.Cart;
import dev.sojourn.tools.values.ApplicationTypes.Circle;
import dev.sojourn.tools.values.ApplicationTypes.Color;
import dev.sojourn.tools.values.ApplicationTypes.Copied;
import dev.sojourn.tools.values.ApplicationTypes.Dog;
import dev.sojourn.tools.values.ApplicationTypes.Entity;
import dev.sojourn.tools.values.ApplicationTypes.HalfSeen;
import dev.sojourn.tools.values.ApplicationTypes.Hiding;
import dev.sojourn.tools.values.ApplicationTypes.Holder;
import dev.sojourn.tools.values.ApplicationTypes.Item;
import dev.sojourn.tools.values.ApplicationTypes.Masked;
import dev.sojourn.tools.values.ApplicationTypes.Named;
import dev.sojourn.tools.values.ApplicationTypes.Numbers;
import dev.sojourn.tools.values.ApplicationTypes.Open;
import dev.sojourn.tools.values.ApplicationTypes.Operation;
import dev.sojourn.tools.values.ApplicationTypes.Point;
import dev.sojourn.tools.values.ApplicationTypes.Prefixed;
import dev.sojourn.tools.values.ApplicationTypes.ReadOnly;
import dev.sojourn.tools.values.ApplicationTypes.Shape;
import dev.sojourn.tools.values.ApplicationTypes.Shouting;
import dev.sojourn.tools.values.ApplicationTypes.Size;
import dev.sojourn.tools.values.ApplicationTypes.Square;
import dev.sojourn.tools.values.ApplicationTypes.Times;
import dev.sojourn.tools.values.ApplicationTypes.Titled;
import dev.sojourn.tools.values.ApplicationTypes.Trimmed;
import dev.sojourn.tools.values.ApplicationTypes.WithTransient;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Values of {@link ApplicationTypes}, as applications put them into sessions. */
public final class ApplicationValues {
    private ApplicationValues() {}

    /**
     * Returns new samples.
     *
     * @return the samples
     */
    public static List<Sample> all() {
        List<Sample> all = new ArrayList<>();
        records(all);
        beans(all);
        enums(all);
        hierarchies(all);
        all.add(new Sample((Supplier<String>) () -> "code", Supplier.class));
        InputStream stream = new ByteArrayInputStream(new byte[] {1, 2});
        all.add(new Sample(stream, ByteArrayInputStream.class));
        all.add(new Sample(stream, InputStream.class));
        return all;
    }

    private static void byClass(List<Sample> all, Object... values) {
        for (Object value : values) {
            all.add(new Sample(value, value.getClass()));
        }
    }

    private static void records(List<Sample> all) {
        LocalDateTime some = LocalDateTime.of(2026, 1, 2, 3, 4, 5, 6);
        byClass(
                all,
                new Point(1, 2),
                new Point(Integer.MIN_VALUE, Long.MAX_VALUE),
                new Item("", 0),
                new Times(
                        OffsetDateTime.of(some, ZoneOffset.ofHours(5)),
                        some.atZone(ZoneId.of("Europe/Berlin")),
                        null,
                        Optional.empty()),
                new Numbers(new int[] {1, 2}, new byte[] {-1}),
                new Trimmed("text"),
                new Shouting("text"),
                new Masked("text"),
                new Masked("secret text"),
                new Copied(List.of("a")),
                new Anything("a"),
                new Anything(17),
                new Anything(17L),
                new Anything(1.5f),
                new Anything(null),
                new Anything(List.of(1, "a", true)),
                new Anything(new Point(1, 2)),
                new Anything(Map.of("a", 1)),
                new Anything(Color.RED),
                new Anything(new Object()),
                new Copied(new ArrayList<>(List.of("a", "b"))));
        all.add(new Sample(new ApplicationTypes.Pair<>("a", 17L), ApplicationTypes.Pair.class));
        all.add(new Sample(
                new ApplicationTypes.Pair<>("a", 17L),
                GenericType.of(ApplicationTypes.Pair.class, String.class, Long.class)));
        Map<Point, String> names = new LinkedHashMap<>();
        names.put(new Point(1, 2), "a");
        byClass(all, new ByPoint(Map.of()), new ByPoint(names));
        all.add(new Sample(names, GenericType.of(Map.class, Point.class, String.class)));
    }

    private static void beans(List<Sample> all) {
        Open open = new Open();
        open.text = "open";
        open.numbers = new ArrayList<>(List.of(1, 2));
        byClass(
                all,
                open,
                new Open(),
                new Cart(),
                new Cart().add("tea"),
                HalfSeen.of("a"),
                HalfSeen.of(""),
                new AllArguments("a", 1),
                ReadOnly.of("a"),
                new ReadOnly(),
                Prefixed.of("a"),
                WithTransient.of("a"),
                Entity.of(1, "a"),
                ApplicationTypes.inner(),
                ApplicationTypes.ring(),
                ApplicationTypes.chain(1),
                ApplicationTypes.chain(20),
                ApplicationTypes.chain(10_000));
        all.add(new Sample(Holder.of("a"), GenericType.of(Holder.class, String.class)));
        all.add(new Sample(Holder.of(17L), Holder.class));
        all.add(new Sample(Holder.of("a"), Holder.class));
    }

    private static void enums(List<Sample> all) {
        for (Size size : Size.values()) {
            all.add(new Sample(size, Size.class));
        }
        for (Operation operation : Operation.values()) {
            all.add(new Sample(operation, Operation.class));
        }
        EnumMap<Size, Integer> counts = new EnumMap<>(Size.class);
        counts.put(Size.MEDIUM, 1);
        counts.put(Size.LARGE, 2);
        byClass(all, Color.RED, new BySize(counts), new BySize(new LinkedHashMap<>(counts)));
        all.add(new Sample(counts, GenericType.of(EnumMap.class, Size.class, Integer.class)));
        all.add(new Sample(counts, GenericType.of(Map.class, Size.class, Integer.class)));
        all.add(new Sample(EnumSet.of(Size.LARGE, Size.SMALL), GenericType.of(EnumSet.class, Size.class)));
        all.add(new Sample(EnumSet.noneOf(Size.class), GenericType.of(EnumSet.class, Size.class)));
        all.add(new Sample(List.of(Size.MEDIUM, Size.NONE), GenericType.of(List.class, Size.class)));
        all.add(new Sample(
                new LinkedHashMap<>(Map.of(Operation.TIMES, 1)),
                GenericType.of(Map.class, Operation.class, Integer.class)));
    }

    private static void hierarchies(List<Sample> all) {
        Dog dog = new Dog();
        dog.setName("dog");
        all.add(new Sample(dog, Dog.class));
        all.add(new Sample(dog, Animal.class));
        all.add(new Sample(List.of(new Animal(), dog), GenericType.of(List.class, Animal.class)));
        byClass(all, new Hiding());
        all.add(new Sample(new Circle(1.5), Circle.class));
        all.add(new Sample(new Circle(1.5), Shape.class));
        all.add(new Sample(List.of(new Circle(1.5), new Square(2)), GenericType.of(List.class, Shape.class)));
        Titled titled = new Titled();
        titled.add("a");
        titled.title = "another";
        Named named = new Named();
        named.put("a", "b");
        byClass(all, titled, named);
    }
}
