/**
 * Sessions for every Java HTTP framework: the API, the SPI for stores, formats and adapters, the engine and the
 * memory store.
 */
@org.jspecify.annotations.NullMarked
module dev.sojourn {
    requires transitive tools.jackson.databind;
    requires static transitive org.jspecify;
    requires static java.sql;

    exports dev.sojourn;
    exports dev.sojourn.move;
    exports dev.sojourn.spi;
}
