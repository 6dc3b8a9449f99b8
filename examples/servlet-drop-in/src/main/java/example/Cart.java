package example;

/**
 * A value of the application.
 *
 * @param newest the item that was added last
 * @param pieces the number of items
 */
public record Cart(String newest, int pieces) {}
