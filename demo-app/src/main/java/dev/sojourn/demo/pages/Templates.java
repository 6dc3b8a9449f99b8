package dev.sojourn.demo.pages;

import dev.sojourn.demo.journal.Journal;
import dev.sojourn.demo.journal.JournalEntry;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.SessionPlace;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Renders pages from precompiled templates, which escape all data. */
final class Templates {
    private final TemplateEngine engine = engine();
    private final Journal journal;
    private final SessionPlace place;
    private final String storeName;

    Templates(Journal journal, SessionPlace place, String storeName) {
        this.journal = journal;
        this.place = place;
        this.storeName = storeName;
    }

    @SuppressWarnings("NullAway") // null means "on the class path"; the engine's signature does not declare it nullable
    private static TemplateEngine engine() {
        return TemplateEngine.createPrecompiled(
                null, ContentType.Html, Templates.class.getClassLoader(), Templates.class.getPackageName());
    }

    Response page(Request request, String template, String title, Object view) {
        return render(200, template, layout(request, title, Notice.textIn(request.query())), view);
    }

    /** Renders a form again with its validation errors. */
    Response invalidForm(Request request, String template, String path, String title, Object view) {
        return render(
                422, template, new Layout(title, path, null, recent(request), place, storeName, user(request)), view);
    }

    /** Renders the page of a failed request, which neither uses the session nor names the store. */
    Response error(int status, Request request, String title, Object view) {
        Layout layout = new Layout(title, request.path(), null, recent(request), place, null, null);
        return render(status, "error", layout, view);
    }

    private Response render(int status, String template, Layout layout, Object view) {
        StringOutput out = new StringOutput();
        engine.render(template + ".jte", Map.of("layout", layout, "view", view), out);
        return Response.page(status, out.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Layout layout(Request request, String title, @Nullable String notice) {
        return new Layout(title, request.path(), notice, recent(request), place, storeName, user(request));
    }

    private static @Nullable String user(Request request) {
        return request.knownUser().orElse(null);
    }

    private List<JournalEntry> recent(Request request) {
        return request.cookie(Journal.COOKIE).map(journal::of).orElse(List.of());
    }
}
