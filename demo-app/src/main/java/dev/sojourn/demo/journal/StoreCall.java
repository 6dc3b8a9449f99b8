package dev.sojourn.demo.journal;

/**
 * One call to the store.
 *
 * @param name which of the five
 * @param key the record's key, shortened
 * @param outcome what came of it
 */
public record StoreCall(String name, String key, String outcome) {}
