import '../../query/grid/grid.css';
import { startPage } from '../../query/grid/startPage.ts';
import './calls.css';
import { CallsPage, type PageState } from './callsPage.ts';

startPage(
  (post, memory) =>
    new CallsPage(document.body, post, memory.getState() as PageState | undefined, (state) =>
      memory.setState(state),
    ),
);
