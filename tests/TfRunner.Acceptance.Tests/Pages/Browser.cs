using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TfRunner.Acceptance.Tests.Pages;

/// <summary>A headless Chromium, driven by its DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly ClientWebSocket socket = new();
    private readonly string profile = Directory.CreateTempSubdirectory("tfrunner-browser-").FullName;
    private readonly List<JsonNode> events = [];
    private int sent;

    private Browser(string program)
    {
        // Run by root, as in a container, it refuses to sandbox.
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank",
        ];
        process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    /// <summary>The program; null where there is none.</summary>
    public static string? Program { get; } =
        (from name in new[] { "chromium", "chromium-browser", "google-chrome", "chrome" }
         from folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
         let path = Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();

    public static async Task<Browser> Start(string program, CancellationToken cancellationToken)
    {
        var browser = new Browser(program);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (await browser.process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                _ = browser.process.StandardError.ReadToEndAsync(CancellationToken.None);
                await browser.socket.ConnectAsync(new(line[Announcement.Length..].Trim()), patience.Token);
                return browser;
            }
        }

        throw new InvalidOperationException($"{program} ended with {browser.process.ExitCode} and offered no DevTools");
    }

    /// <summary>Opens a page in a window of some width, and looks at it.</summary>
    /// <param name="file">The page.</param>
    /// <param name="width">The window's width in pixels.</param>
    /// <param name="look">A script; its value is what was seen.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What happened.</returns>
    public async Task<PageVisit> Visit(string file, int width, string look, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var token = patience.Token;
        var target = (await Send("Target.createTarget", new() { ["url"] = "about:blank" }, null, token))["targetId"]!.GetValue<string>();
        var session = (await Send("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = true }, null, token))["sessionId"]!.GetValue<string>();
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
        {
            await Send(domain + ".enable", [], session, token);
        }

        await Send("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false }, session, token);
        events.Clear();
        await Send("Page.navigate", new() { ["url"] = new Uri(file).AbsoluteUri }, session, token);
        while (!events.Exists(static e => Method(e) == "Page.loadEventFired"))
        {
            Keep(await Receive(token));
        }

        var seen = await Send("Runtime.evaluate", new() { ["expression"] = look, ["returnByValue"] = true }, session, token);
        var picture = await Send("Page.captureScreenshot", new() { ["captureBeyondViewport"] = true }, session, token);
        var visit = new PageVisit(
            [.. events.Select(Complaint).OfType<string>()],
            [.. events.Where(static e => Method(e) == "Network.requestWillBeSent").Select(static e => e["params"]!["request"]!["url"]!.GetValue<string>())],
            seen["result"]!["value"],
            Convert.FromBase64String(picture["data"]!.GetValue<string>()));
        await Send("Target.closeTarget", new() { ["targetId"] = target }, null, token);
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
        try
        {
            Directory.Delete(profile, recursive: true);
        }
        catch (IOException)
        {
            // A helper process may still be writing there as it ends.
        }
    }

    private static string? Method(JsonNode message) => message["method"]?.GetValue<string>();

    private static string? Complaint(JsonNode message) => Method(message) switch
    {
        "Runtime.exceptionThrown" => message["params"]!["exceptionDetails"]!.ToJsonString(),
        "Runtime.consoleAPICalled" => message["params"]!["args"]!.ToJsonString(),
        "Log.entryAdded" => message["params"]!["entry"]!.ToJsonString(),
        _ => null,
    };

    private async Task<JsonNode> Send(string method, JsonObject parameters, string? session, CancellationToken cancellationToken)
    {
        var message = new JsonObject { ["id"] = ++sent, ["method"] = method, ["params"] = parameters };
        if (session is not null)
        {
            message["sessionId"] = session;
        }

        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, cancellationToken);
        while (true)
        {
            var answer = await Receive(cancellationToken);
            if (answer["id"]?.GetValue<int>() == sent)
            {
                return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer["error"]?.ToJsonString()}");
            }

            Keep(answer);
        }
    }

    private void Keep(JsonNode message) => events.Add(message);

    private async Task<JsonNode> Receive(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, cancellationToken);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(message.ToArray())!;
    }
}
