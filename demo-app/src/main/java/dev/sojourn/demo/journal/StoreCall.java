package dev.sojourn.demo.journal;

/**
 * One call to the store.
 *
 * @param name which method
 * @param key the record's key, shortened, or who is meant
 * @param outcome what came of it
 */
public record StoreCall(String name, String key, String outcome) {}
