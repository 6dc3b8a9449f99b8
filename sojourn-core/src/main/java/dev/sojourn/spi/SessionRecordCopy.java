package dev.sojourn.spi;

import dev.sojourn.Device;
import dev.sojourn.spi.SessionRecord.Generation;
import dev.sojourn.spi.SessionRecord.Lease;
import dev.sojourn.spi.SessionRecord.Remember;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The components of a record, to build another record that differs in a few of them. Not thread-safe. */
final class SessionRecordCopy {
    Instant createdAt;

    @Nullable
    String subject;

    SessionSettings settings;

    @Nullable
    StoreKey successor;

    @Nullable
    Instant writtenAt;

    @Nullable
    Lease lease;

    JsonMembers attributes;
    JsonMembers unknown;
    List<String> formerPublicIds;

    @Nullable
    Generation generation;

    @Nullable
    SignInFacts signIn;

    @Nullable
    Device device;

    @Nullable
    Remember remember;

    SessionRecordCopy(SessionRecord record) {
        createdAt = record.createdAt();
        subject = record.subject();
        settings = record.settings();
        successor = record.successor();
        writtenAt = record.writtenAt();
        lease = record.lease();
        attributes = record.attributes();
        unknown = record.unknown();
        formerPublicIds = record.formerPublicIds();
        generation = record.generation();
        signIn = record.signIn();
        device = record.device();
        remember = record.remember();
    }

    SessionRecord toRecord() {
        return new SessionRecord(
                createdAt,
                subject,
                settings,
                successor,
                writtenAt,
                lease,
                attributes,
                unknown,
                formerPublicIds,
                generation,
                signIn,
                device,
                remember);
    }
}
