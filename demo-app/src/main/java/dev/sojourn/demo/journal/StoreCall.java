package dev.sojourn.demo.journal;

/**
 * One call to the store.
 *
 * @param name the name of the method
 * @param key the shortened store key, or {@code user}
 * @param outcome the outcome, as text
 */
public record StoreCall(String name, String key, String outcome) {}
