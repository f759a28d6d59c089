using System.Text.Json.Nodes;

namespace TfRunner.Acceptance.Tests.Pages;

/// <summary>What happened when a page was opened.</summary>
/// <param name="Complaints">Errors, and whatever the page wrote to the console.</param>
/// <param name="Requests">The addresses of all requests, that of the page itself included.</param>
/// <param name="Seen">What the script gave that looked at the page.</param>
/// <param name="Picture">The whole page as PNG.</param>
internal sealed record PageVisit(IReadOnlyList<string> Complaints, IReadOnlyList<string> Requests, JsonNode? Seen, byte[] Picture);
