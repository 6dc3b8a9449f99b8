package shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

@SuppressWarnings("serial") // its fields are serializable
public class Cart implements Serializable {
    private static final long serialVersionUID = 1L;

    private final List<Item> items = new ArrayList<>();

    public record Item(String product, int quantity) implements Serializable {}

    public void add(String product, int quantity) {
        items.add(new Item(product, quantity));
    }

    public int size() {
        return items.stream().mapToInt(Item::quantity).sum();
    }

    public List<Item> items() {
        return List.copyOf(items);
    }
}
