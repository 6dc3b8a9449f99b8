/** An audit log of sessions in the OWASP Logging Vocabulary. */
@org.jspecify.annotations.NullMarked
module dev.sojourn.audit {
    requires transitive dev.sojourn;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.sojourn.audit;
}
